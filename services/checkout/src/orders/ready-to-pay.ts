import { keepClaims } from '@liventix/domain/codes/claims-repository';
import type { Hold } from '@liventix/domain/inventory';
import { pinHold } from '@liventix/domain/inventory/repository';
import { dueCents, type Order } from '@liventix/domain/orders';
import { getOrder, markOrderPaid } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { insertFreePayment } from '@liventix/domain/payments/repository';
import { belowStripeMinimum } from '@liventix/domain/payments/stripe-request';
import { spendEscrow } from '@liventix/domain/wallets/escrow-repository';
import type { Transaction } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';

/**
 * The order with its final prices: refused when cards cannot pay so little, settled at once when
 * nothing is left for a card to pay. Phase one of settling happens here then, and ticketing does the second.
 */
export async function readyToPay(tx: Transaction, hold: Hold, orderId: string): Promise<Order> {
  const order = await getOrder(tx, orderId);
  const due = dueCents(order);
  refuseBelowMinimum({ totalCents: due, currency: order.currency });
  if (due > 0) {
    return order;
  }
  await pinHold(tx, hold.id);
  await markOrderPaid(tx, { orderId, holdId: hold.id });
  await keepClaims(tx, orderId);
  await payWithoutCard(tx, order);
  await enqueue(tx, 'tickets.ensure', { orderId });
  return await getOrder(tx, orderId);
}

async function payWithoutCard(tx: Transaction, order: Order): Promise<void> {
  if (order.walletId !== null) {
    await spendEscrow(tx, order);
    return;
  }
  const { organizationId, id: orderId, currency } = order;
  await insertFreePayment(tx, { organizationId, orderId, currency });
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
