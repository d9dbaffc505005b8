import { type StripeEvent, stripeEventSchema } from '@liventix/domain/inbox';
import Stripe from 'stripe';

export interface Delivery {
  /** The bytes as they came: parsed and written again they would no longer match. */
  readonly body: Buffer;
  readonly signature: string | undefined;
}

export type Refusal =
  | 'webhook.signature_missing'
  | 'webhook.signature_invalid'
  | 'webhook.too_old'
  | 'webhook.not_an_event';

export type VerifiedDelivery =
  | { readonly kind: 'event'; readonly event: StripeEvent }
  | { readonly kind: 'refused'; readonly code: Refusal };

/** Seconds a signature stays good. Stripe signs each delivery anew, so only a replay is older. */
const toleranceS = 300;

/** The SDK's way to say: however old. */
const anyAge = 0;

/**
 * Whether a delivery is Stripe's, by any of our secrets. Too old is told apart from forged, since a
 * valid signature of another hour means that a clock is wrong, ours or the sender's.
 */
export function verifyEvent(delivery: Delivery, secrets: readonly string[]): VerifiedDelivery {
  if (delivery.signature === undefined || delivery.signature === '') {
    return { kind: 'refused', code: 'webhook.signature_missing' };
  }
  if (!isSigned(delivery, { secrets, toleranceS })) {
    return {
      kind: 'refused',
      code: isSigned(delivery, { secrets, toleranceS: anyAge })
        ? 'webhook.too_old'
        : 'webhook.signature_invalid',
    };
  }
  const event = stripeEventSchema.safeParse(parseJson(delivery.body));
  return event.success
    ? { kind: 'event', event: event.data }
    : { kind: 'refused', code: 'webhook.not_an_event' };
}

/** The SDK parses right after it has verified, so any other error comes from a signed body. */
function isSigned(
  delivery: Delivery,
  by: { readonly secrets: readonly string[]; readonly toleranceS: number },
): boolean {
  return by.secrets.some((secret) => {
    try {
      Stripe.webhooks.constructEvent(
        delivery.body,
        delivery.signature ?? '',
        secret,
        by.toleranceS,
      );
      return true;
    } catch (error) {
      return !(error instanceof Stripe.errors.StripeSignatureVerificationError);
    }
  });
}

/** Undefined for what is not JSON: the schema then refuses it. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
