import type { JobPayload } from '@liventix/contracts/jobs';
import { isChargedBack } from '@liventix/domain/disputes/repository';
import { markStripeEventProcessed } from '@liventix/domain/inbox/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { findOrder } from '@liventix/domain/orders/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import {
  findPaymentOfIntent,
  leftOf,
} from '@liventix/domain/refunds/refundable-payment-repository';
import type { Transaction } from '@liventix/shared/db';
import type { Deps } from '#deps';

/**
 * The issuer of a card takes a payment for fraud. A person decides: a refund now is cheaper than the
 * dispute that follows most of these. Other payments of the same Stripe account are not ours to tell of.
 */
export async function warnOfFraud(
  deps: Deps,
  messageId: string,
  cause: JobPayload<'payment.warn'>,
): Promise<void> {
  const { paymentIntentId, eventId } = cause;
  const known = await findPaymentOfIntent(deps.db.pool, paymentIntentId);
  // It may come before its payment is settled; the page that was paid names the order all the same.
  const orderId = known?.orderId ?? (await deps.stripe.findOrderId(paymentIntentId));
  const outcome = await deps.db.inTransaction(async (tx) => {
    await markMessageDone(tx, messageId);
    if (eventId !== undefined) {
      await markStripeEventProcessed(tx, eventId);
    }
    return orderId === undefined ? 'not_ours' : await tell(tx, { orderId, paymentIntentId });
  });
  deps.log.info({ orderId, paymentIntentId, messageId, outcome }, 'fraud warning read');
}

async function tell(
  tx: Transaction,
  about: { readonly orderId: string; readonly paymentIntentId: string },
): Promise<'not_ours' | 'given_back' | 'disputed' | 'told'> {
  const { orderId, paymentIntentId } = about;
  const order = await findOrder(tx, orderId);
  if (order === undefined) {
    return 'not_ours';
  }
  const payment = await findPaymentOfIntent(tx, paymentIntentId);
  if (payment !== undefined && leftOf(payment) === 0) {
    return 'given_back';
  }
  if (await isChargedBack(tx, paymentIntentId)) {
    return 'disputed';
  }
  await openIncident(tx, {
    organizationId: order.organizationId,
    kind: 'payment.fraud_warning',
    objectType: 'order',
    objectId: order.id,
    message:
      'The issuer of the card takes this payment for fraud. Refund the order before it becomes a dispute, or close this if you know the buyer.',
    details: { orderId: order.id, number: order.number, paymentIntentId },
  });
  return 'told';
}
