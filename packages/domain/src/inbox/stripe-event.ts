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
  | { readonly kind: 'ignore'; readonly reason: 'type' | 'not_our_session' };

/** Each of these says that a session's money may have changed; settling finds out how. */
export const settlingTypes: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
];

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
