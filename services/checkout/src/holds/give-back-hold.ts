import type { Hold } from '@liventix/domain/inventory';
import { endHold, markHoldGivenBack } from '@liventix/domain/inventory/ending-repository';
import { findHold, lockHold } from '@liventix/domain/inventory/repository';
import type { Database } from '@liventix/shared/db';

/**
 * Gives seats back. Without an order they are free at once. With one, a payment page may be open:
 * the hold is marked, and the sweep closes the page before it frees the seats. Repeating is
 * harmless; a paid hold stays as it is.
 */
export async function giveBackHold(
  deps: { readonly db: Database },
  holdId: string,
): Promise<Hold | undefined> {
  await deps.db.inTransaction(async (tx) => {
    const hold = await lockHold(tx, holdId);
    if (hold?.status !== 'active' || hold.deadline === 'pinned') {
      return;
    }
    await markHoldGivenBack(tx, holdId);
    if (hold.orderId === null) {
      await endHold(tx, holdId);
    }
  });
  return await findHold(deps.db.pool, holdId);
}
