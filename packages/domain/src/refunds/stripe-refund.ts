import { z } from 'zod';

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
