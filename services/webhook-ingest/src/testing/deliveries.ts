import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';

export const webhookSecret = 'whsec_test_0123456789abcdef';

export interface SignedDelivery {
  readonly eventId: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A paid session of ours, as Stripe sends it. */
export function makeDelivery(
  overrides: { readonly type?: string; readonly reference?: string | null } = {},
): SignedDelivery {
  const eventId = `evt_${randomUUID().replaceAll('-', '')}`;
  const body = JSON.stringify(
    {
      id: eventId,
      object: 'event',
      type: overrides.type ?? 'checkout.session.completed',
      api_version: '2026-09-30.endive',
      created: Math.floor(Date.now() / 1_000),
      livemode: false,
      data: {
        object: {
          object: 'checkout.session',
          id: `cs_test_${eventId}`,
          client_reference_id:
            overrides.reference === undefined ? randomUUID() : overrides.reference,
          payment_status: 'paid',
        },
      },
    },
    null,
    2,
  );
  return { eventId, body, headers: signedHeaders(body) };
}

export function signedHeaders(body: string): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: webhookSecret,
    }),
  };
}
