import type { Credential } from '@liventix/domain/access/repository';
import type { Order } from '@liventix/domain/orders';
import { enqueue } from '@liventix/domain/outbox/repository';
import { findLatestSession } from '@liventix/domain/payments/attempt-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

/**
 * Asks ticketing to finish an order, any number of times: a paid one gets its tickets, an unpaid
 * one with a payment page is settled by what Stripe says of it.
 */
export async function requestTickets(
  deps: { readonly db: Database },
  credential: Credential,
  order: Order,
): Promise<void> {
  const isPaid = order.status === 'paid' || order.status === 'fulfilled';
  const sessionId = isPaid ? undefined : await findLatestSession(deps.db.pool, order.id);
  if (!isPaid && sessionId === undefined) {
    throw new AppError('order.not_paid', {
      message: `Order ${order.number} is not paid, so there are no tickets to issue.`,
      retry: 'permanent',
    });
  }
  await deps.db.inTransaction(async (tx) => {
    if (sessionId === undefined) {
      await enqueue(tx, 'tickets.ensure', { orderId: order.id });
    } else {
      await enqueue(tx, 'order.settle', { orderId: order.id, sessionId });
    }
    await recordAct(tx, credential, {
      action: 'order.ensure_tickets',
      objectType: 'order',
      objectId: order.id,
    });
  });
}
