import { countHandedOut, handOutRefunds } from '@liventix/domain/refunds/event-refund-repository';
import type { Database } from '@liventix/shared/db';
import { tryAdvisoryLock } from '@liventix/shared/locks/advisory-lock';
import type { Log } from '@liventix/shared/telemetry/logger';

export interface HandOutRefundsDeps {
  readonly db: Database;
  readonly log: Log;
  /** So many refunds of cancelled events are asked for a second; 0 is as many as there are. */
  readonly refundsPerSecond: number;
}

/**
 * Refunds that may be asked for and not made. More of them, when Stripe is slow or down, would stand
 * before the refund that somebody waits for at the telephone.
 */
const openMax = 500;

/** At a pace, so many seconds' worth. */
const openSeconds = 5;

/**
 * Has the refunds of cancelled events asked for at Stripe, a second's worth at a time, as long as those
 * before them are made. Runs every second.
 */
export async function handOutWaiting(deps: HandOutRefundsDeps): Promise<void> {
  const { refundsPerSecond: pace } = deps;
  const most = pace === 0 ? openMax : Math.min(openMax, pace * openSeconds);
  const handedOut = await deps.db.inTransaction(async (tx) => {
    if (!(await tryAdvisoryLock(tx, 'refunds.hand_out'))) {
      return 0;
    }
    const room = most - (await countHandedOut(tx, most));
    return await handOutRefunds(tx, pace === 0 ? room : Math.min(pace, room));
  });
  if (handedOut > 0) {
    deps.log.info({ handedOut }, 'refunds of cancelled events are asked for');
  }
}
