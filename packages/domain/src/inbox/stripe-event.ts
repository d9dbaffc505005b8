import type { JobPayload } from '@liventix/contracts/jobs';
import { z } from 'zod';

/**
 * What we need of a Stripe event to store it and to find its job. Everything else, and every
 * value Stripe may add, passes through unread.
 */
export const stripeEventSchema = z.looseObject({
  id: z.string().min(1).max(255),
  object: z.literal('event'),
  type: z.string().min(1).max(100),
  api_version: z.string().max(50).nullish(),
  account: z.string().max(255).nullish(),
  created: z.int().nonnegative(),
  livemode: z.boolean(),
  data: z.looseObject({ object: z.looseObject({}) }),
});
export type StripeEvent = z.output<typeof stripeEventSchema>;

export type StripeEventDecision =
  | {
      readonly kind: 'enqueue';
      readonly name: 'order.settle';
      readonly payload: JobPayload<'order.settle'>;
    }
  | {
      readonly kind: 'enqueue';
      readonly name: 'refund.sync';
      readonly payload: JobPayload<'refund.sync'>;
    }
  | {
      readonly kind: 'enqueue';
      readonly name: 'dispute.sync';
      readonly payload: JobPayload<'dispute.sync'>;
    }
  | {
      readonly kind: 'enqueue';
      readonly name: 'payment.warn';
      readonly payload: JobPayload<'payment.warn'>;
    }
  | {
      readonly kind: 'ignore';
      readonly reason:
        | 'type'
        | 'not_our_session'
        | 'no_payment_intent'
        | 'no_dispute'
        | 'not_actionable';
    };

/** Each of these says that a session's money may have changed; settling finds out how. */
export const settlingTypes: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
];

/** Each of these says that money went back, or did not. Reading the refunds finds out how much. */
export const refundTypes: readonly string[] = [
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refunded',
];

/** Each of these says that a dispute moved. Reading it finds out where it stands. */
export const disputeTypes: readonly string[] = [
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
];

/** The issuer of a card takes a payment for fraud, and no dispute has come of it yet. */
export const warningTypes: readonly string[] = ['radar.early_fraud_warning.created'];

const aWarning = z.object({
  object: z.literal('radar.early_fraud_warning'),
  payment_intent: z.string().min(1).max(255),
  /** False once it was refunded or disputed: then nothing is left to prevent. */
  actionable: z.boolean(),
});

const aDispute = z.object({ object: z.literal('dispute'), id: z.string().min(1).max(255) });

/** A refund and a charge both name their PaymentIntent; one without is not of Checkout's. */
const ofPaymentIntent = z.object({ payment_intent: z.string().min(1).max(255) });

/** We put the order's id into `client_reference_id`; a session without one is somebody else's. */
const ourSession = z.object({
  object: z.literal('checkout.session'),
  id: z.string().min(1).max(255),
  client_reference_id: z.uuid(),
});

const traced = z.object({ metadata: z.object({ traceparent: z.string().max(100) }) });

/** The trace that our payment page began, which the session brings back. */
export function eventTrace(event: StripeEvent): { readonly traceparent: string } | undefined {
  return traced.safeParse(event.data.object).data?.metadata;
}

/** Which job a Stripe event causes. */
export function decideStripeEvent(event: StripeEvent): StripeEventDecision {
  if (refundTypes.includes(event.type)) {
    const about = ofPaymentIntent.safeParse(event.data.object);
    return about.success
      ? {
          kind: 'enqueue',
          name: 'refund.sync',
          payload: { paymentIntentId: about.data.payment_intent, eventId: event.id },
        }
      : { kind: 'ignore', reason: 'no_payment_intent' };
  }
  if (disputeTypes.includes(event.type)) {
    const dispute = aDispute.safeParse(event.data.object);
    return dispute.success
      ? {
          kind: 'enqueue',
          name: 'dispute.sync',
          payload: { disputeId: dispute.data.id, eventId: event.id },
        }
      : { kind: 'ignore', reason: 'no_dispute' };
  }
  if (warningTypes.includes(event.type)) {
    return decideWarning(event);
  }
  if (!settlingTypes.includes(event.type)) {
    return { kind: 'ignore', reason: 'type' };
  }
  const session = ourSession.safeParse(event.data.object);
  if (!session.success) {
    return { kind: 'ignore', reason: 'not_our_session' };
  }
  return {
    kind: 'enqueue',
    name: 'order.settle',
    payload: {
      orderId: session.data.client_reference_id,
      sessionId: session.data.id,
      eventId: event.id,
    },
  };
}

function decideWarning(event: StripeEvent): StripeEventDecision {
  const warning = aWarning.safeParse(event.data.object);
  if (!warning.success) {
    return { kind: 'ignore', reason: 'no_payment_intent' };
  }
  return warning.data.actionable
    ? {
        kind: 'enqueue',
        name: 'payment.warn',
        payload: { paymentIntentId: warning.data.payment_intent, eventId: event.id },
      }
    : { kind: 'ignore', reason: 'not_actionable' };
}
