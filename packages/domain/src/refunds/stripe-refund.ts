import { z } from 'zod';
import { movesOn, statusOfStripe } from './refund.ts';

/** What we read of a refund at Stripe (docs.stripe.com/api/refunds/object). */
export const stripeRefund = z
  .looseObject({
    id: z.string().min(1).max(255),
    amount: z.int().nonnegative(),
    currency: z.string(),
    status: z.string().nullish(),
    payment_intent: z.string().nullable(),
    failure_reason: z.string().nullish(),
    created: z.int(),
    metadata: z.looseObject({ refund_id: z.string().optional() }).nullish(),
  })
  .transform((refund) => ({
    id: refund.id,
    paymentIntentId: refund.payment_intent,
    amountCents: refund.amount,
    currency: refund.currency,
    status: refund.status ?? 'pending',
    failureReason: refund.failure_reason ?? null,
    createdAt: new Date(refund.created * 1_000),
    /** Ours, when we made it. */
    refundId: refund.metadata?.refund_id ?? null,
  }));
export type StripeRefund = z.output<typeof stripeRefund>;

/** What an event says of the money of a charge that went back, all refunds together. */
const chargeFact = z.looseObject({
  object: z.literal('charge'),
  amount_refunded: z.int().nonnegative(),
});

/** A refund as it was last read at Stripe, and applied. */
export type ReadRefund = Pick<StripeRefund, 'id' | 'amountCents' | 'status'>;

/**
 * Whether an event may tell what was not read before. Most do not: our own refund is read with the
 * answer to our call, and then three events tell of it. What is in doubt is news.
 */
export function saysNews(object: unknown, read: readonly ReadRefund[]): boolean {
  const charge = chargeFact.safeParse(object);
  if (charge.success) {
    const given = read.filter(({ status }) => status !== 'failed' && status !== 'canceled');
    const cents = given.reduce((sum, { amountCents }) => sum + amountCents, 0);
    return charge.data.amount_refunded !== cents;
  }
  const refund = stripeRefund.safeParse(object);
  if (!refund.success) {
    return true;
  }
  const { id, amountCents, status } = refund.data;
  const known = read.find((one) => one.id === id);
  return (
    known === undefined ||
    known.amountCents !== amountCents ||
    movesOn(statusOfStripe(known.status), statusOfStripe(status))
  );
}
