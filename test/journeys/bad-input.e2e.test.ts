import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  type Answer,
  buyer,
  count,
  http,
  type Placed,
  placeHold,
  placeOrder,
  type Request,
  type SoldEvent,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;
let event: SoldEvent;
let other: SoldEvent;
let placed: Placed;
let hold: Answer;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    // Pages that nobody paid are read back after two minutes: a message that no request of ours wrote.
    overrides: { RECONCILE_INTERVAL_MS: '3600000' },
  });
  event = await sellEvent(world);
  other = await sellEvent(world);
  placed = await placeOrder(world, event);
  hold = await placeHold(world, event);
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/** Rows of every table a request could have changed: equal before and after means no change. */
async function fingerprint(): Promise<number[]> {
  const tables = ['ticket_holds', 'orders', 'checkout_attempts', 'stripe_events', 'outbox'];
  return await Promise.all(tables.map(async (table) => await count(world, `from ${table}`)));
}

async function expectRefusal(url: string, request: Request, code: string): Promise<void> {
  const before = await fingerprint();
  const answer = await http(url, request);
  expect(answer.body, answer.text).toMatchObject({ code, status: answer.status });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body.detail).toMatch(/\w.*\.$|\w/);
  expect(await fingerprint()).toEqual(before);
}

function basket(quantity: unknown, tier: unknown = event.tierIds[0]): Request {
  return { key: randomUUID(), body: { event: event.slug, items: [{ tier, quantity }] } };
}

type Case = readonly [string, () => Request, string];

test.for<Case>([
  [
    'an unknown event',
    () => ({
      key: randomUUID(),
      body: { event: 'nowhere', items: [{ tier: event.tierIds[0], quantity: 1 }] },
    }),
    'event.not_found',
  ],
  ["another event's tier", () => basket(1, other.tierIds[0]), 'tier.not_found'],
  [
    'a tier twice',
    () => ({
      key: randomUUID(),
      body: {
        event: event.slug,
        items: [
          { tier: event.tierIds[0], quantity: 1 },
          { tier: event.tierIds[0], quantity: 1 },
        ],
      },
    }),
    'basket.tier_repeated',
  ],
  ['a quantity of 0', () => basket(0), 'basket.quantity_invalid'],
  ['a negative quantity', () => basket(-1), 'basket.quantity_invalid'],
  ['a fractional quantity', () => basket(1.5), 'basket.quantity_invalid'],
  ['a huge quantity', () => basket(2 ** 53), 'basket.quantity_invalid'],
  ['a quantity in words', () => basket('two'), 'basket.quantity_invalid'],
  ["more than the tier's limit", () => basket(11), 'tier.quantity_above_limit'],
  ['a body that is not JSON', () => ({ key: randomUUID(), raw: '{"event":' }), 'request.not_json'],
  [
    'a body that is too large',
    () => ({ key: randomUUID(), raw: JSON.stringify({ event: 'x'.repeat(20_000) }) }),
    'request.too_large',
  ],
  [
    'an unknown field',
    () => ({
      key: randomUUID(),
      body: { event: event.slug, items: [{ tier: event.tierIds[0], quantity: 1 }], price_cents: 1 },
    }),
    'request.unknown_field',
  ],
  [
    'an unknown field inside',
    () => ({
      key: randomUUID(),
      body: {
        event: event.slug,
        items: [{ tier: event.tierIds[0], quantity: 1, unit_price_cents: 1 }],
      },
    }),
    'request.unknown_field',
  ],
  ['a list in place of the body', () => ({ key: randomUUID(), body: [] }), 'request.invalid'],
  [
    'another media type',
    () => ({ key: randomUUID(), raw: 'a', headers: { 'content-type': 'text/csv' } }),
    'request.unsupported_media_type',
  ],
  ['no Idempotency-Key', () => ({ ...basket(1), key: null }), 'idempotency.key_missing'],
  [
    'an Idempotency-Key that is no UUID',
    () => ({ ...basket(1), key: 'again' }),
    'idempotency.key_invalid',
  ],
])('a hold with %s is refused and changes nothing', async ([, request, code]) => {
  await expectRefusal(`${world.stack.urls.checkout}/v1/holds`, request(), code);
});

test('a key used for another basket is refused', async () => {
  const url = `${world.stack.urls.checkout}/v1/holds`;
  const request = basket(1);
  expect((await http(url, request)).status).toBe(201);
  await expectRefusal(url, { ...basket(2), key: request.key ?? '' }, 'idempotency.key_reused');
});

test.for([
  ['before its sales begin', { sales_start_at: '2031-01-01T00:00:00Z' }, 'event.sales_not_started'],
  ['after its sales have ended', { sales_end_at: '2024-01-01T00:00:00Z' }, 'event.sales_ended'],
] as const)('an event %s sells nothing', async ([, window, code]) => {
  const closed = await sellEvent(world, window);
  const body = { event: closed.slug, items: [{ tier: closed.tierIds[0], quantity: 1 }] };
  const url = `${world.stack.urls.checkout}/v1/holds`;
  await expectRefusal(url, { key: randomUUID(), body }, code);
});

test('a basket that does not fit is told what is left', async () => {
  const small = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 1 }],
  });
  const body = { event: small.slug, items: [{ tier: small.tierIds[0], quantity: 2 }] };
  const answer = await http(`${world.stack.urls.checkout}/v1/holds`, { key: randomUUID(), body });
  expect(answer.body).toMatchObject({
    code: 'inventory.sold_out',
    details: { left: [{ tier: small.tierIds[0], available: 1 }] },
  });
});

test.for<readonly [string, () => Request, string]>([
  ['without a token', () => ({ key: randomUUID(), body: { buyer } }), 'token.missing'],
  [
    'with a malformed token',
    () => ({ token: 'abc', key: randomUUID(), body: { buyer } }),
    'token.invalid',
  ],
  [
    "with another hold's token",
    () => ({ token: placed.holdToken, key: randomUUID(), body: { buyer } }),
    'hold.not_found',
  ],
  [
    "with an order's token",
    () => ({ token: placed.orderToken, key: randomUUID(), body: { buyer } }),
    'token.invalid',
  ],
  [
    'with a foreign return address',
    () => ({
      token: hold.body.token,
      key: randomUUID(),
      body: { buyer, success_url: 'https://evil.test/' },
    }),
    'return_url.not_allowed',
  ],
  [
    'with an address that is none',
    () => ({
      token: hold.body.token,
      key: randomUUID(),
      body: { buyer: { ...buyer, email: 'ada' } },
    }),
    'request.invalid',
  ],
  [
    'with a line break in the name',
    () => ({
      token: hold.body.token,
      key: randomUUID(),
      body: { buyer: { ...buyer, name: 'Ada\nBcc: x' } },
    }),
    'request.invalid',
  ],
  [
    'without a key',
    () => ({ token: hold.body.token, key: null, body: { buyer } }),
    'idempotency.key_missing',
  ],
])('a checkout %s is refused and changes nothing', async ([, request, code]) => {
  const url = `${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`;
  await expectRefusal(url, request(), code);
});

test('a total under what cards can pay is refused', async () => {
  const cheap = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 20, capacity: 10 }],
  });
  const held = await placeHold(world, cheap, 1);
  const url = `${world.stack.urls.checkout}/v1/holds/${held.body.id}/checkout`;
  const request = { token: held.body.token, key: randomUUID(), body: { buyer } };
  await expectRefusal(url, request, 'order.below_minimum');
});

test.for([
  ['expired', `expires_at = clock_timestamp()`, 'hold.expired'],
  ['released', `release_requested_at = clock_timestamp()`, 'hold.released'],
] as const)('a hold that is %s does not go to checkout', async ([, change, code]) => {
  const held = await placeHold(world, event, 1);
  await world.db.pool.raw(`update ticket_holds set ${change} where id = :id`, { id: held.body.id });
  const url = `${world.stack.urls.checkout}/v1/holds/${held.body.id}/checkout`;
  const answer = await http(url, { token: held.body.token, key: randomUUID(), body: { buyer } });
  expect(answer.body.code).toBe(code);
  expect(await count(world, 'from orders where hold_id = :id', { id: held.body.id })).toBe(0);
});

test.for<readonly [string, () => Request, string]>([
  ['without a signature', () => ({ raw: '{}' }), 'webhook.signature_missing'],
  [
    'with a forged one',
    () => signed('whsec_another_secret', Date.now()),
    'webhook.signature_invalid',
  ],
  [
    'that is stale',
    () => signed(world.stack.webhookSecrets[0] ?? '', Date.now() - 600_000),
    'webhook.too_old',
  ],
])('a webhook %s is refused and stores nothing', async ([, request, code]) => {
  await expectRefusal(`${world.stack.urls.webhook_ingest}/webhooks/stripe`, request(), code);
});

function signed(secret: string, atMs: number): Request {
  const raw = JSON.stringify({
    id: 'evt_forged',
    object: 'event',
    type: 'checkout.session.completed',
  });
  const timestamp = Math.floor(atMs / 1_000);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: raw, secret, timestamp });
  return { raw, headers: { 'stripe-signature': signature } };
}

test('a foreign order is as unknown as one that does not exist', async () => {
  const url = (id: string) => `${world.stack.urls.checkout}/v1/orders/${id}`;
  const token = placed.orderToken;
  const unknown = await http(url(randomUUID()), { token });
  expect(unknown.body.code).toBe('order.not_found');
  const another = await placeOrder(world, event);
  expect((await http(url(another.orderId), { token })).body).toEqual(unknown.body);
});

test('an address that is not ours is a problem document too', async () => {
  await expectRefusal(`${world.stack.urls.checkout}/v1/nothing`, {}, 'route.not_found');
});
