import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@liventix/shared/testing/wait';
import Stripe from 'stripe';
import { expect } from 'vitest';
import { startStripeSimulator } from '../simulator.ts';

const secretKey = 'sk_test_simulated_key';
const webhookSecret = 'whsec_simulated_secret';

/** Whose refunds are pending at first (docs.stripe.com/testing#refunds). */
export const pendingCard = '4000000000007726';
/** How long a condition may take on a busy machine: it only bounds a failing test. */
export const patience = { timeout: 4_500 };

/** A merchant as the simulator sees one: its SDK, its endpoint, and the hands of its buyers. */
export interface Shop extends AsyncDisposable {
  readonly stripe: Stripe;
  /** What came to the endpoint, verified by the SDK. */
  readonly received: readonly Stripe.Event[];
  /** What happened at Stripe, oldest first, whether or not it was delivered. */
  events(type?: string): Promise<readonly Stripe.Event[]>;
  /** Their names from one on, oldest first. */
  eventTypes(since?: number): Promise<readonly string[]>;
  control<Body = unknown>(path: string, body?: unknown, method?: string): Promise<Body>;
  /** The page as it is after somebody tried to pay there with a card. */
  pay(how?: Purchase): Promise<Stripe.Checkout.Session>;
  /** A charge that a card paid, its fee known already. */
  buy(how?: Purchase): Promise<Stripe.Charge>;
}

interface Purchase {
  readonly card?: string;
  readonly amount?: number;
}

/** Opens a shop whose fees are known 20 ms after a charge: tests need no wait for them. */
export async function openShop(): Promise<Shop> {
  const received: Stripe.Event[] = [];
  const endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const signature = String(request.headers['stripe-signature']);
    received.push(Stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, webhookSecret));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`;
  const simulator = await startStripeSimulator({
    port: 0,
    host: '127.0.0.1',
    secretKey,
    webhooks: [{ url, secret: webhookSecret }],
    sessionsPerSecond: 0,
  });
  const stripe = new Stripe(secretKey, {
    protocol: 'http',
    host: '127.0.0.1',
    port: simulator.port,
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const control: Shop['control'] = async (path, body, method) =>
    await ask(`${simulator.url}/_simulator/${path}`, body, method);
  await control('fees', { settle_delay_ms: 20 }, 'PUT');
  return {
    stripe,
    received,
    control,
    ...looking(stripe),
    pay: async (how = {}) => await pay({ stripe, control }, how),
    buy: async (how = {}) => await buy({ stripe, control }, how),
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      endpoint.close();
    },
  };
}

async function ask<Body>(url: string, body?: unknown, method = 'POST'): Promise<Body> {
  const isRead = method === 'GET';
  const response = await fetch(url, {
    method,
    ...(!isRead && {
      body: JSON.stringify(body ?? {}),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const answer = (await response.json()) as Body;
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer;
}

function looking(stripe: Stripe): Pick<Shop, 'events' | 'eventTypes'> {
  const events: Shop['events'] = async (type) => {
    const { data } = await stripe.events.list({ limit: 100, ...(type !== undefined && { type }) });
    return data.toReversed();
  };
  const eventTypes: Shop['eventTypes'] = async (since = 0) =>
    (await events()).slice(since).map(({ type }) => type);
  return { events, eventTypes };
}

type Counter = Pick<Shop, 'stripe' | 'control'>;

async function pay(
  { stripe, control }: Counter,
  { card = '4242424242424242', amount = 5_000 }: Purchase,
): Promise<Stripe.Checkout.Session> {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://tickets.test/done',
    client_reference_id: 'order-1',
    line_items: [
      {
        quantity: 1,
        price_data: { currency: 'usd', unit_amount: amount, product_data: { name: 'Floor' } },
      },
    ],
  });
  await control(`checkout_sessions/${session.id}/pay`, { card });
  return await stripe.checkout.sessions.retrieve(session.id);
}

async function buy(counter: Counter, how: Purchase): Promise<Stripe.Charge> {
  const { payment_intent: intentId } = await pay(counter, how);
  const expand = ['latest_charge.balance_transaction'];
  return await waitFor(
    async () => {
      const intent = await counter.stripe.paymentIntents.retrieve(String(intentId), { expand });
      const charge = intent.latest_charge as Stripe.Charge;
      return charge.balance_transaction === null ? undefined : charge;
    },
    { what: 'the fee of a charge to be known' },
  );
}

export function intentOf(charge: Stripe.Charge): string {
  return String(charge.payment_intent);
}

/** The refusal of a call, which must come. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const thrown = await call.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Stripe.errors.StripeError);
  return thrown as Stripe.errors.StripeError;
}
