import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StripeSimulator, startStripeSimulator } from './simulator.ts';

const secretKey = 'sk_test_simulated_key';
const webhookSecret = 'whsec_simulated_secret';

let simulator: StripeSimulator;
let received: Stripe.Event[];
let endpoint: ReturnType<typeof createServer>;

/** An endpoint that verifies with the SDK, as ours does. */
async function startEndpoint(): Promise<string> {
  endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const signature = String(request.headers['stripe-signature']);
    received.push(Stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, webhookSecret));
    response.end();
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  return `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`;
}

beforeEach(async () => {
  received = [];
  const url = await startEndpoint();
  simulator = await startStripeSimulator({
    port: 0,
    host: '127.0.0.1',
    secretKey,
    webhooks: [{ url, secret: webhookSecret }],
    sessionsPerSecond: 3,
  });
});

afterEach(async () => {
  await simulator.close();
  endpoint.close();
});

function sdk(retries = 0): Stripe {
  const { hostname, port } = new URL(simulator.url);
  return new Stripe(secretKey, {
    protocol: 'http',
    host: hostname,
    port,
    maxNetworkRetries: retries,
    telemetry: false,
  });
}

const parameters = {
  mode: 'payment',
  success_url: 'https://tickets.test/done?session={CHECKOUT_SESSION_ID}',
  client_reference_id: 'order-1',
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'eur', unit_amount: 5_000, product_data: { name: '2 × Floor' } },
    },
  ],
} satisfies Stripe.Checkout.SessionCreateParams;

async function control(path: string, body: unknown, method = 'POST'): Promise<unknown> {
  const response = await fetch(`${simulator.url}/_simulator/${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return await response.json();
}

describe('the Stripe simulator, seen through the SDK', () => {
  test('a paid session tells its endpoint in the recorded order, signed', async () => {
    const session = await sdk().checkout.sessions.create(parameters);
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 5_000,
    });
    expect(await control(`checkout_sessions/${session.id}/pay`, {})).toMatchObject({
      outcome: 'paid',
    });
    await expect.poll(() => received.map((event) => event.type)).toContain('charge.updated');
    const paid = await sdk().checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge.balance_transaction'],
    });
    expect(paid).toMatchObject({
      payment_status: 'paid',
      payment_intent: { status: 'succeeded', latest_charge: { balance_transaction: { fee: 175 } } },
    });
    const listed = await sdk().events.list({ types: ['checkout.session.completed'] });
    expect(listed.data).toHaveLength(1);
  });

  test('a declined card leaves the session open for the next try', async () => {
    const session = await sdk().checkout.sessions.create(parameters);
    const card = '4000000000000002';
    expect(await control(`checkout_sessions/${session.id}/pay`, { card })).toMatchObject({
      outcome: 'declined',
      code: 'card_declined',
    });
    expect((await sdk().checkout.sessions.retrieve(session.id)).status).toBe('open');
    expect(await control(`checkout_sessions/${session.id}/pay`, {})).toMatchObject({
      outcome: 'paid',
    });
  });

  test('a key replays its first answer and refuses other parameters', async () => {
    const key = { idempotencyKey: 'attempt-1' };
    const first = await sdk().checkout.sessions.create(parameters, key);
    const again = await sdk().checkout.sessions.create(parameters, key);
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    const other = { ...parameters, client_reference_id: 'order-2' };
    await expect(sdk().checkout.sessions.create(other, key)).rejects.toBeInstanceOf(
      Stripe.errors.StripeIdempotencyError,
    );
  });

  test('what Stripe would refuse is refused', async () => {
    const unknown = { ...parameters, payment_method_types: ['card'] };
    await expect(
      sdk().checkout.sessions.create(unknown as Stripe.Checkout.SessionCreateParams),
    ).rejects.toMatchObject({ code: 'parameter_unknown', param: 'payment_method_types' });
    const soon = { ...parameters, expires_at: Math.floor(Date.now() / 1_000) + 15 * 60 };
    await expect(sdk().checkout.sessions.create(soon)).rejects.toMatchObject({
      param: 'expires_at',
    });
    await expect(sdk().checkout.sessions.retrieve('cs_test_none')).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  test('an expired session cannot be paid or expired again', async () => {
    const session = await sdk().checkout.sessions.create(parameters);
    await sdk().checkout.sessions.expire(session.id);
    await expect(sdk().checkout.sessions.expire(session.id)).rejects.toThrow('status of `expired`');
    expect(await control(`checkout_sessions/${session.id}/pay`, {})).toMatchObject({
      outcome: 'not_open',
    });
  });

  test('more sessions a second than the limit are 429', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => sdk().checkout.sessions.create(parameters)),
    );
    const limited = outcomes.filter(
      (outcome) =>
        outcome.status === 'rejected' &&
        outcome.reason instanceof Stripe.errors.StripeRateLimitError,
    );
    expect(limited.length).toBeGreaterThanOrEqual(6);
  });

  test('a refusal says where it is logged and whether trying again helps', async () => {
    const refused = await sdk()
      .checkout.sessions.retrieve('cs_test_nobody')
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
      headers: { 'stripe-should-retry': 'false', 'request-id': expect.stringMatching(/^req_/) },
      raw: { request_log_url: expect.stringContaining('/logs/req_') },
    });
  });

  test('an answer lost after success is found again under the same key', async () => {
    await control('weather', { timeout_after_success_rate: 1 }, 'PUT');
    const key = { idempotencyKey: 'attempt-2' };
    await expect(sdk().checkout.sessions.create(parameters, key)).rejects.toBeInstanceOf(
      Stripe.errors.StripeConnectionError,
    );
    await control('weather', {}, 'PUT');
    await sdk().checkout.sessions.create(parameters, key);
    const books = (await (await fetch(`${simulator.url}/_simulator/books`)).json()) as {
      sessions: unknown[];
    };
    expect(books.sessions).toHaveLength(1);
  });
});
