import { forgetOldLogins } from '@liventix/domain/access/session-repository';
import { forgetOldReports } from '@liventix/domain/alerts/report-repository';
import { deleteOldEvents } from '@liventix/domain/inbox/repository';
import { deleteOldMessages } from '@liventix/domain/outbox/relay-repository';
import { dropOldContents } from '@liventix/domain/privacy/retention-repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import { tryAdvisoryLock } from '@liventix/shared/locks/advisory-lock';
import type { Producer } from '@liventix/shared/queues/producer';
import type { Log } from '@liventix/shared/telemetry/logger';

export interface CleanQueuesDeps {
  readonly db: Database;
  readonly producer: Pick<Producer, 'clean'>;
  readonly log: Log;
}

/** Rows a transaction deletes, and transactions a run: what is left waits an hour. */
const batchSize = 1_000;
const batchesMax = 200;

/** How long ended jobs stay in Redis for people to look at. */
const endedJobsMs = 3_600_000;

/** Deletes what is done and past its retention: outbox, inboxes, contents of mails, ended logins and jobs. */
export async function cleanQueues(deps: CleanQueuesDeps): Promise<void> {
  const messages = await deleteInBatches(deps, deleteOldMessages);
  const events = await deleteInBatches(deps, deleteOldEvents);
  const contents = await deleteInBatches(deps, dropOldContents);
  if (messages + events + contents > 0) {
    deps.log.info({ messages, events, contents }, 'old rows deleted');
  }
  await forgetOldLogins(deps.db.pool);
  await forgetOldReports(deps.db.pool);
  try {
    await deps.producer.clean(endedJobsMs);
  } catch (error) {
    deps.log.warn({ err: coerceError(error) }, 'ended jobs stay another hour');
  }
}

/** Each batch is a transaction of its own: a long delete would hold up vacuum and its rows. */
async function deleteInBatches(
  deps: CleanQueuesDeps,
  deleteBatch: (tx: Transaction, limit: number) => Promise<number>,
): Promise<number> {
  let deleted = 0;
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const count = await deps.db.inTransaction(async (tx) =>
      (await tryAdvisoryLock(tx, 'queues.clean')) ? await deleteBatch(tx, batchSize) : 0,
    );
    deleted += count;
    if (count === 0) {
      break;
    }
  }
  return deleted;
}
