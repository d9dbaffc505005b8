import assert from 'node:assert/strict';
import type { Transaction } from '@liventix/shared/db';
import { releasePinnedHold } from '#inventory/ending-repository';
import type { Order } from '#orders/order';

/**
 * Ends a paid order that never got its tickets: its seats are free, and whatever was still to issue them
 * finds nothing to do. The caller holds the locks of the order, of its hold and of its payments, and
 * writes their refunds in the same transaction (ADR 0030).
 */
export async function giveUpOrder(tx: Transaction, order: Order): Promise<void> {
  await releasePinnedHold(tx, order.holdId);
  await cancelPaidOrder(tx, order.id);
  await tx.raw(
    `update payments
        set disposition = 'refund', disposition_reason = 'given_up'
      where order_id = :orderId and disposition = 'tickets'`,
    { orderId: order.id },
  );
}

/** Compare-and-set under the lock, so a miss is a bug and not a lost race. */
async function cancelPaidOrder(tx: Transaction, orderId: string): Promise<void> {
  const { rowCount } = await tx.raw(
    `update orders
        set status = 'cancelled', paid_at = null, ended_at = clock_timestamp()
      where id = :orderId and status = 'paid'`,
    { orderId },
  );
  assert.equal(rowCount, 1, `order ${orderId} is not paid`);
}
