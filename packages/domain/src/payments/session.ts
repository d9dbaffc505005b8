import { z } from 'zod';

/**
 * What we read of a Stripe Checkout Session, in an event or read back. Status values are open:
 * Stripe adds some, and an unknown one must not stop the others.
 */
export const stripeSession = z.object({
  id: z.string(),
  livemode: z.boolean(),
  status: z.string().nullable(),
  payment_status: z.string(),
  amount_total: z.int().nullable(),
  currency: z.string().nullable(),
  client_reference_id: z.string().nullish(),
  metadata: z.looseObject({ attempt_id: z.string().optional() }).nullish(),
  payment_intent: z
    .union([
      z.string(),
      z.object({
        id: z.string(),
        status: z.string(),
        latest_charge: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
      }),
    ])
    .nullish(),
});
export type StripeSession = z.output<typeof stripeSession>;

/** Money that Stripe says has arrived. Amount in minor units of its currency. */
export interface PaidSession {
  readonly sessionId: string;
  readonly paymentIntentId: string;
  readonly chargeId: string | null;
  readonly amountCents: number;
  readonly currency: string;
  readonly livemode: boolean;
}

export type SessionFact =
  | { readonly kind: 'paid'; readonly paid: PaidSession }
  /** Complete, but the money is days away (delayed methods). */
  | { readonly kind: 'processing' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'open' };

/**
 * What a session says about the money, from `status` and `payment_status`
 * (docs.stripe.com/checkout/fulfillment).
 */
export function sessionFact(session: StripeSession): SessionFact {
  const paid = paidPart(session);
  if (paid !== undefined) {
    return { kind: 'paid', paid };
  }
  if (session.status === 'complete') {
    return { kind: hasFailed(session) ? 'failed' : 'processing' };
  }
  return { kind: session.status === 'expired' ? 'expired' : 'open' };
}

function paidPart(session: StripeSession): PaidSession | undefined {
  const { payment_intent: intent, amount_total: amountCents, currency } = session;
  if (session.payment_status !== 'paid' || !intent || amountCents === null || currency === null) {
    return undefined;
  }
  const rest = { sessionId: session.id, amountCents, currency, livemode: session.livemode };
  if (typeof intent === 'string') {
    return { ...rest, paymentIntentId: intent, chargeId: null };
  }
  const charge = intent.latest_charge ?? null;
  const chargeId = charge === null || typeof charge === 'string' ? charge : charge.id;
  return { ...rest, paymentIntentId: intent.id, chargeId };
}

/** A delayed payment that came to nothing leaves its intent waiting for another method. */
function hasFailed(session: StripeSession): boolean {
  const intent = session.payment_intent;
  const status = typeof intent === 'object' && intent !== null ? intent.status : undefined;
  return status === 'requires_payment_method' || status === 'canceled';
}
