import type { Verdict } from '@liventix/domain/books';
import type { Entry } from '@liventix/domain/books/stripe-comparison';
import type { StripeComparison } from './stripe-books.ts';

/** A verdict as `./liventix verify --json` prints it. */
export function toVerdictView({ invariant, kind, violations, found, reason, ms }: Verdict) {
  const { name, rule, holds } = invariant;
  return {
    name,
    rule,
    holds,
    outcome: kind,
    found,
    violations,
    ...(reason !== undefined && { reason }),
    ms: Math.round(ms),
  };
}

export function toStripeView({ payments, refunds, differences }: StripeComparison) {
  return {
    payments,
    refunds,
    differences: differences.map(({ object, what, stripeId, ourId, here, there }) => ({
      object,
      what,
      stripe_id: stripeId,
      our_id: ourId,
      here: here === null ? null : toEntryView(here),
      there: there === null ? null : toEntryView(there),
    })),
  };
}

export function toEntryView({ paymentIntentId, amountCents, currency, status }: Entry) {
  return { payment_intent: paymentIntentId, amount_cents: amountCents, currency, status };
}
