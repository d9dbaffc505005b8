import { z } from 'zod';

const source = z.union([
  z.string(),
  z.looseObject({
    id: z.string(),
    payment_intent: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
  }),
]);

/** A movement of the balance at Stripe (docs.stripe.com/api/balance_transactions/object). */
export const stripeBalanceTransaction = z
  .looseObject({
    id: z.string().min(1).max(255),
    type: z.string().max(100),
    reporting_category: z.string().max(100),
    amount: z.int(),
    fee: z.int(),
    currency: z.string(),
    created: z.int(),
    available_on: z.int(),
    source: source.nullish(),
  })
  .transform((transaction) => ({
    id: transaction.id,
    type: transaction.type,
    category: transaction.reporting_category,
    amountCents: transaction.amount,
    feeCents: transaction.fee,
    currency: transaction.currency,
    createdAt: new Date(transaction.created * 1_000),
    availableOn: new Date(transaction.available_on * 1_000),
    ...aboutOf(transaction.source),
  }));
export type StripeBalanceTransaction = z.output<typeof stripeBalanceTransaction>;

/** What moved it, and the PaymentIntent of that. */
function aboutOf(of: z.output<typeof source> | null | undefined): {
  readonly sourceId: string | null;
  readonly paymentIntentId: string | null;
} {
  if (of === null || of === undefined || typeof of === 'string') {
    return { sourceId: of ?? null, paymentIntentId: null };
  }
  const intent = of.payment_intent ?? null;
  const paymentIntentId = typeof intent === 'string' ? intent : (intent?.id ?? null);
  return { sourceId: of.id, paymentIntentId };
}
