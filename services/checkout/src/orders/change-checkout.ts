import type { Order } from '@liventix/domain/orders';
import { lockOrder, updateOrderBuyer } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { closeAttempt, findOpenAttempt } from '@liventix/domain/payments/attempt-repository';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import type { CheckoutRequest } from '#orders/start-checkout';
import { inFlight } from '#payments/open-payment-page';

/**
 * Other content for a pending order: its page is closed first, so that nobody pays for what was
 * replaced. A page that turns out to be paid settles the order instead.
 */
export async function changeCheckout(
  deps: Deps,
  order: Order,
  request: CheckoutRequest,
): Promise<Order> {
  const attempt = await findOpenAttempt(deps.db.pool, order.id);
  if (attempt?.sessionId === null || attempt?.state === 'completed') {
    throw inFlight(order);
  }
  if (attempt?.sessionId !== undefined && deps.stripe !== undefined) {
    const { sessionId } = attempt;
    const page = await deps.stripe.closePage(sessionId);
    if (page === 'complete') {
      await deps.db.inTransaction(async (tx) => {
        await enqueue(tx, 'order.settle', { orderId: order.id, sessionId });
      });
      throw refused('order.already_paid', `Order ${order.number} is paid already.`);
    }
  }
  return await deps.db.inTransaction(async (tx) => {
    const locked = await lockOrder(tx, order.id);
    if (locked?.status !== 'pending') {
      throw refused('order.already_paid', `Order ${order.number} cannot be changed any more.`);
    }
    if (attempt !== undefined) {
      await closeAttempt(tx, { attemptId: attempt.id, as: 'superseded' });
    }
    const checkout = { key: request.idempotencyKey, hash: request.requestHash };
    await updateOrderBuyer(tx, { orderId: order.id, buyer: request.body.buyer, checkout });
    return (await lockOrder(tx, order.id)) ?? locked;
  });
}
