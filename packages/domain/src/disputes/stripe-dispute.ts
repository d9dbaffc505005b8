import { z } from 'zod';
import { phaseOf } from './dispute.ts';

/** A dispute at Stripe, with each movement of money that it caused. */
export const stripeDispute = z
  .looseObject({
    id: z.string().min(1).max(255),
    amount: z.int().nonnegative(),
    currency: z.string(),
    status: z.string().max(50),
    reason: z.string().max(100),
    charge: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
    payment_intent: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
    created: z.int(),
    evidence_details: z.looseObject({ due_by: z.int().nullish() }).nullish(),
    balance_transactions: z
      .array(z.looseObject({ id: z.string(), amount: z.int(), currency: z.string() }))
      .default([]),
  })
  .transform((dispute) => {
    const movements = dispute.balance_transactions.map(({ id, amount, currency }) => ({
      id,
      amountCents: amount,
      currency,
    }));
    const moved = movements.reduce((sum, { amountCents }) => sum + amountCents, 0);
    const withdrawnCents = Math.max(0, -moved);
    const dueBy = dispute.evidence_details?.due_by;
    return {
      id: dispute.id,
      paymentIntentId: idOf(dispute.payment_intent),
      chargeId: idOf(dispute.charge),
      amountCents: dispute.amount,
      currency: dispute.currency,
      status: dispute.status,
      reason: dispute.reason,
      dueBy: dueBy ? new Date(dueBy * 1_000) : null,
      createdAt: new Date(dispute.created * 1_000),
      withdrawnCents,
      phase: phaseOf({ status: dispute.status, withdrawnCents }),
      /** Below zero what was taken, above what was brought back. */
      movements,
    };
  });
export type StripeDispute = z.output<typeof stripeDispute>;

function idOf(reference: string | { readonly id: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
