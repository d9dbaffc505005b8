import type { JobPayload } from '@liventix/contracts/jobs';
import { markStripeEventProcessed } from '@liventix/domain/inbox/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import type { Deps } from '#deps';
import { applyStripeRefunds } from '#refunds/apply-stripe-refunds';

/**
 * Makes our refunds of a PaymentIntent agree with Stripe's, which are read as they are now: what an
 * event says of a refund may be old, and events come in any order.
 */
export async function syncRefunds(
  deps: Deps,
  messageId: string,
  cause: JobPayload<'refund.sync'>,
): Promise<void> {
  const { paymentIntentId, eventId } = cause;
  const found = await deps.stripe.listRefunds(paymentIntentId);
  const outcome = await deps.db.inTransaction(async (tx) => {
    await markMessageDone(tx, messageId);
    if (eventId !== undefined) {
      await markStripeEventProcessed(tx, eventId);
    }
    return await applyStripeRefunds(tx, paymentIntentId, found);
  });
  deps.log.info({ paymentIntentId, messageId, outcome, refunds: found.length }, 'refunds read');
}
