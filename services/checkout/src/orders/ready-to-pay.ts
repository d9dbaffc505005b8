import { keepClaims } from '@liventix/domain/codes/claims-repository';
import type { Hold } from '@liventix/domain/inventory';
import { pinHold } from '@liventix/domain/inventory/repository';
import type { Order } from '@liventix/domain/orders';
import { getOrder, markOrderPaid } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { insertFreePayment } from '@liventix/domain/payments/repository';
import { belowStripeMinimum } from '@liventix/domain/payments/stripe-request';
import type { Transaction } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';

/**
 * The order with its final prices: refused when cards cannot pay so little, settled at once when
 * nothing is to pay. Phase one of settling happens here then, and ticketing does the second.
 */
export async function readyToPay(tx: Transaction, hold: Hold, orderId: string): Promise<Order> {
  const order = await getOrder(tx, orderId);
  refuseBelowMinimum(order);
  if (order.totalCents > 0) {
    return order;
  }
  await pinHold(tx, hold.id);
  await markOrderPaid(tx, { orderId, holdId: hold.id });
  await keepClaims(tx, orderId);
  await insertFreePayment(tx, {
    organizationId: hold.organizationId,
    orderId,
    currency: order.currency,
  });
  await enqueue(tx, 'tickets.ensure', { orderId });
  return await getOrder(tx, orderId);
}

export function refuseBelowMinimum(order: Pick<Order, 'totalCents' | 'currency'>): void {
  const minimum =
    order.totalCents > 0 ? belowStripeMinimum(order.totalCents, order.currency) : undefined;
  if (minimum !== undefined) {
    throw refused(
      'order.below_minimum',
      'The total is below what cards can pay. Take more tickets.',
      { minimum_cents: minimum },
    );
  }
}
