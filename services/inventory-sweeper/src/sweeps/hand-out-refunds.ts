import { handOutRefunds } from '@liventix/domain/refunds/event-refund-repository';
import type { Database } from '@liventix/shared/db';
import { tryAdvisoryLock } from '@liventix/shared/locks/advisory-lock';
import type { Log } from '@liventix/shared/telemetry/logger';

export interface HandOutRefundsDeps {
  readonly db: Database;
  readonly log: Log;
  /** So many refunds of cancelled events are asked for a second; 0 is as many as there are. */
  readonly refundsPerSecond: number;
}

/** Refunds handed out by one transaction when there is no pace. */
const batchMax = 2_000;

/**
 * Has the refunds of cancelled events asked for at Stripe, a second's worth at a time: ten thousand
 * at once would stand before the refund that somebody waits for at the telephone. Runs every second.
 */
export async function handOutWaiting(deps: HandOutRefundsDeps): Promise<void> {
  const limit = deps.refundsPerSecond === 0 ? batchMax : deps.refundsPerSecond;
  const handedOut = await deps.db.inTransaction(async (tx) =>
    (await tryAdvisoryLock(tx, 'refunds.hand_out')) ? await handOutRefunds(tx, limit) : 0,
  );
  if (handedOut > 0) {
    deps.log.info({ handedOut }, 'refunds of cancelled events are asked for');
  }
}
