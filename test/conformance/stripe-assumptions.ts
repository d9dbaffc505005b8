import { randomUUID } from 'node:crypto';
import { sessionParameters } from '@liventix/domain/payments/stripe-request';
import Stripe from 'stripe';
import { expect } from 'vitest';

/** Something we rely on, and how to find out whether it is so. */
export interface Assumption<Provider> {
  readonly says: string;
  readonly source: string;
  readonly check: (provider: Provider) => Promise<void>;
}

const minuteMs = 60_000;

/** The very parameters that checkout sends. */
export function parameters(change: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return {
    ...sessionParameters({
      orderId: randomUUID(),
      attemptId: randomUUID(),
      number: 'LV-CONFORM1',
      eventTitle: 'Conformance',
      currency: 'eur',
      locale: 'en',
      buyerEmail: 'conformance@example.com',
      expiresAt: new Date(Date.now() + 35 * minuteMs),
      successUrl: 'https://example.com/paid',
      cancelUrl: 'https://example.com/back',
      walletCents: 0,
      items: [{ tierName: 'Floor', quantity: 2, totalCents: 5_000 }],
    }),
    ...change,
  } as Stripe.Checkout.SessionCreateParams;
}

export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Stripe.errors.StripeError);
  return thrown as Stripe.errors.StripeError;
}

const sessionsReference = 'docs.stripe.com/api/checkout/sessions';
const idempotencyReference = 'docs.stripe.com/api/idempotent_requests';
const errorsReference = 'docs.stripe.com/api/errors';

export const stripeAssumptions: readonly Assumption<Stripe>[] = [
  {
    says: 'a new session is open and unpaid, has a page and no payment intent, and knows what we sent',
    source: sessionsReference,
    check: async (stripe) => {
      const sent = parameters();
      const session = await stripe.checkout.sessions.create(sent);
      expect(session).toMatchObject({
        object: 'checkout.session',
        status: 'open',
        payment_status: 'unpaid',
        payment_intent: null,
        amount_total: 5_000,
        currency: 'eur',
        client_reference_id: sent.client_reference_id,
        metadata: sent.metadata,
      });
      expect(session.url).toMatch(/^https?:/);
      expect(session.expires_at).toBe(sent.expires_at);
    },
  },
  {
    says: 'every answer names its request',
    source: 'docs.stripe.com/api/request_ids',
    check: async (stripe) => {
      const session = await stripe.checkout.sessions.create(parameters());
      expect(session.lastResponse.requestId).toMatch(/^req_/);
    },
  },
  {
    says: 'a repeated request with its key is answered with the same session, and says so',
    source: idempotencyReference,
    check: async (stripe) => {
      const sent = parameters();
      const idempotencyKey = randomUUID();
      const first = await stripe.checkout.sessions.create(sent, { idempotencyKey });
      const again = await stripe.checkout.sessions.create(sent, { idempotencyKey });
      expect(again.id).toBe(first.id);
      expect(new Headers(again.lastResponse.headers).get('idempotent-replayed')).toBe('true');
    },
  },
  {
    says: 'a key with other parameters is an idempotency error',
    source: idempotencyReference,
    check: async (stripe) => {
      const idempotencyKey = randomUUID();
      await stripe.checkout.sessions.create(parameters(), { idempotencyKey });
      const error = await refusal(
        stripe.checkout.sessions.create(parameters(), { idempotencyKey }),
      );
      expect(error).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    },
  },
  {
    says: 'an unknown parameter is refused and named',
    source: errorsReference,
    check: async (stripe) => {
      const error = await refusal(
        stripe.checkout.sessions.create({ ...parameters(), colour: 'red' } as never),
      );
      expect(error).toMatchObject({ statusCode: 400, code: 'parameter_unknown', param: 'colour' });
    },
  },
  {
    says: 'a total under the minimum is amount_too_small',
    source: 'docs.stripe.com/currencies#minimum-and-maximum-charge-amounts',
    check: async (stripe) => {
      const [line] = parameters().line_items ?? [];
      const cheap = { ...line, price_data: { ...line?.price_data, unit_amount: 10 } };
      const error = await refusal(
        stripe.checkout.sessions.create({ ...parameters(), line_items: [cheap] } as never),
      );
      expect(error).toMatchObject({ statusCode: 400, code: 'amount_too_small' });
    },
  },
  {
    says: 'a page that would end within thirty minutes is refused',
    source: sessionsReference,
    check: async (stripe) => {
      const soon = Math.floor(Date.now() / 1_000) + 20 * 60;
      const error = await refusal(
        stripe.checkout.sessions.create(parameters({ expires_at: soon })),
      );
      expect(error).toMatchObject({ statusCode: 400, param: 'expires_at' });
    },
  },
  {
    says: 'an open session can be expired once, and then has no page',
    source: 'docs.stripe.com/api/checkout/sessions/expire',
    check: async (stripe) => {
      const { id } = await stripe.checkout.sessions.create(parameters());
      expect(await stripe.checkout.sessions.expire(id)).toMatchObject({
        status: 'expired',
        url: null,
      });
      const error = await refusal(stripe.checkout.sessions.expire(id));
      expect(error).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400 });
    },
  },
  {
    says: 'an unknown session is a 404 resource_missing',
    source: errorsReference,
    check: async (stripe) => {
      const error = await refusal(stripe.checkout.sessions.retrieve('cs_test_nobody'));
      expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    },
  },
  {
    says: 'expired pages stand in the list of events, newest first',
    source: 'docs.stripe.com/api/events/list',
    check: async (stripe) => {
      const { id } = await stripe.checkout.sessions.create(parameters());
      await stripe.checkout.sessions.expire(id);
      await expect
        .poll(
          async () => {
            const { data } = await stripe.events.list({
              type: 'checkout.session.expired',
              limit: 5,
            });
            return data.map((event) => (event.data.object as { id?: string }).id);
          },
          { timeout: 15_000 },
        )
        .toContain(id);
    },
  },
];

/** What needs a person with a card, and is therefore checked against the simulator only. */
export const onlyWithAPerson = [
  'a paid session is complete and paid, and its events come in the recorded order',
  'cards are declined, challenged and passed as docs.stripe.com/testing says',
  'a delayed method leaves a session complete and unpaid until the money arrives or fails',
  'what is refunded in the Dashboard is told like what we refund',
  'a payout is paid, and lists what it is made of',
];
