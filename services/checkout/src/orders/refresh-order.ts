import type { Order } from '@liventix/domain/orders';
import { enqueue } from '@liventix/domain/outbox/repository';
import { findLatestSession } from '@liventix/domain/payments/attempt-repository';
import type { Deps } from '#deps';

/**
 * What the return page asks for: the same settling a webhook causes, with Stripe asked for the
 * facts. Nothing here decides anything, so it does not matter who comes first.
 */
export async function refreshOrder(
  deps: Pick<Deps, 'db'>,
  order: Order,
): Promise<'queued' | 'nothing_to_settle'> {
  if (order.status !== 'pending' && order.status !== 'expired') {
    return 'nothing_to_settle';
  }
  const sessionId = await findLatestSession(deps.db.pool, order.id);
  if (sessionId === undefined) {
    return 'nothing_to_settle';
  }
  await deps.db.inTransaction(async (tx) => {
    await enqueue(tx, 'order.settle', { orderId: order.id, sessionId });
  });
  return 'queued';
}
