import type Stripe from 'stripe';
import { z } from 'zod';

export const failureReasons = [
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
  'unknown',
] as const;
export type FailureReason = (typeof failureReasons)[number];

export const refundPlanBody = z.strictObject({
  /**
   * What the refund is at first. `insufficient_funds` is pending for that reason until it is told
   * to succeed; `by_balance` is so only when the balance does not cover it, and until it does.
   */
  becomes: z
    .enum(['succeeded', 'pending', 'insufficient_funds', 'by_balance', 'requires_action', 'failed'])
    .default('succeeded'),
  /** What it turns into by itself; it stays as it is without it. */
  ends_as: z.enum(['succeeded', 'failed']).optional(),
  after_ms: z.number().min(0).max(600_000).default(300),
  failure_reason: z.enum(failureReasons).default('expired_or_canceled_card'),
  times: z.int().min(1).max(1_000_000).default(1),
  /** Only refunds of this payment. */
  payment_intent: z.string().optional(),
});
export type RefundPlan = z.output<typeof refundPlanBody>;

/** Test cards whose refunds have a fate (docs.stripe.com/testing#refunds). */
const fates: Readonly<Record<string, RefundPlan>> = {
  '4000000000007726': refundPlanBody.parse({ becomes: 'pending', ends_as: 'succeeded' }),
  '4000000000005126': refundPlanBody.parse({ becomes: 'succeeded', ends_as: 'failed' }),
};

/** What the next refunds become, as a test ordered it, or as the card that paid has it. */
export class RefundPlans {
  #plans: RefundPlan[] = [];

  add(plan: RefundPlan): void {
    this.#plans.push({ ...plan });
  }

  clear(): void {
    this.#plans = [];
  }

  /** It is used up by asking. */
  next(charge: Stripe.Charge, card: string | undefined): RefundPlan {
    const plan = this.#plans.find(
      ({ payment_intent: only }) => only === undefined || only === charge.payment_intent,
    );
    if (plan === undefined) {
      return fates[card ?? ''] ?? refundPlanBody.parse({});
    }
    plan.times -= 1;
    this.#plans = this.#plans.filter(({ times }) => times > 0);
    return plan;
  }
}
