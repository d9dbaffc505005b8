import { appendAudit } from '@liventix/domain/access/audit-repository';
import { erasePeople } from '@liventix/domain/privacy/erasure-repository';
import { lockDueRows, markForgotten } from '@liventix/domain/privacy/retention-repository';
import type { Database } from '@liventix/shared/db';
import type { Log } from '@liventix/shared/telemetry/logger';

export interface ForgetPeopleDeps {
  readonly db: Database;
  readonly log: Log;
}

/** Orders a transaction clears, and transactions a run: what is left waits an hour. */
const batchSize = 200;
const batchesMax = 100;

/**
 * Forgets everybody of events that ended so many days ago, but for whom something is open with. Without
 * a number of days, nobody.
 */
export async function forgetPeople(
  deps: ForgetPeopleDeps,
  days: number | undefined,
): Promise<void> {
  if (days === undefined) {
    return;
  }
  let forgotten = 0;
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const orders = await deps.db.inTransaction(async (tx) => {
      const due = await lockDueRows(tx, { days, limit: batchSize });
      if (due === undefined) {
        return 0;
      }
      const erased = await erasePeople(tx, due.rows);
      await appendAudit(tx, {
        organizationId: due.organizationId,
        actorType: 'system',
        actorId: 'inventory-sweeper',
        action: 'people.forget',
        objectType: 'event',
        objectId: due.eventId,
        facts: { ...erased },
      });
      return erased.orders;
    });
    forgotten += orders;
    if (orders === 0) {
      break;
    }
  }
  await deps.db.inTransaction(async (tx) => await markForgotten(tx, { days }));
  if (forgotten > 0) {
    deps.log.info({ orders: forgotten, days }, 'people of past events forgotten');
  }
}
