import { randomUUID } from 'node:crypto';
import { lockOrder } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { dispute, openAbout, ticketsBecome } from '#support/disputes';
import { buy, intentOf, refund, refundsBecome } from '#support/refunds';
import {
  count,
  http,
  orderBecomes,
  pay,
  placeOrder,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

const kind = 'payment.fraud_warning';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
beforeEach(async () => {
  await setWeather(world, 'stripe', {});
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function warn(paymentIntent: string): Promise<void> {
  await stripe(world, 'fraud_warnings', { payment_intent: paymentIntent });
}

async function warningsOf(orderId: string): Promise<number> {
  return await openAbout(world, kind, orderId);
}

/** Sends so many jobs about a PaymentIntent and waits until none of them is open. */
async function tellOf(paymentIntentId: string, times = 1): Promise<void> {
  const send = async () =>
    await world.db.inTransaction(
      async (tx) => await enqueue(tx, 'payment.warn', { paymentIntentId }),
    );
  const ids = `{${(await Promise.all(Array.from({ length: times }, send))).join()}}`;
  const open = 'from outbox where done_at is null and id = any (:ids::uuid[])';
  await waitFor(async () => (await count(world, open, { ids })) === 0, {
    what: 'these messages to be closed',
    timeoutMs: 120_000,
  });
}

test.for([
  ['by webhook', {}],
  ['with every webhook lost', { webhooks: { drop_rate: 1 } }],
])('a warning opens an incident that names the order and what to do, %s', async ([, weather]) => {
  const order = await buy(world, await sellEvent(world));
  await setWeather(world, 'stripe', weather ?? {});
  await warn(await intentOf(world, order));
  await waitFor(async () => (await warningsOf(order.orderId)) === 1, { what: 'the incident' });
  const { body } = await http(`${world.stack.urls.ops}/admin/v1/incidents`, {
    token: world.stack.adminApiKey,
  });
  expect(body.incidents).toContainEqual(
    expect.objectContaining({
      kind,
      message: expect.stringContaining('Refund the order'),
      details: expect.objectContaining({ orderId: order.orderId }),
    }),
  );
  const open = `from stripe_events where type like 'radar.%' and processed_at is null`;
  expect(await count(world, open)).toBe(0);
});

test('twenty at once are one incident', async () => {
  const order = await buy(world, await sellEvent(world));
  await tellOf(await intentOf(world, order), 20);
  expect(await warningsOf(order.orderId)).toBe(1);
});

test('out of order: before the payment is settled, the page that was paid names the order', async () => {
  const placed = await placeOrder(world, await sellEvent(world));
  // While its order is locked here, nothing can be settled.
  await world.db.inTransaction(async (tx) => {
    await tx.raw('set local idle_in_transaction_session_timeout = 0');
    await lockOrder(tx, placed.orderId);
    expect((await pay(world, placed.sessionId)).body.outcome).toBe('paid');
    const url = `${world.stack.urls.stripe}/v1/checkout/sessions/${placed.sessionId}`;
    const { body } = await http(url, { token: world.stack.stripeSecretKey });
    await tellOf(body.payment_intent);
    const payments = 'from payments where order_id = :orderId';
    expect(await count(world, payments, { orderId: placed.orderId })).toBe(0);
    expect(await warningsOf(placed.orderId)).toBe(1);
  });
  await orderBecomes(world, placed, 'fulfilled');
});

test('Stripe away: it waits, and is done when Stripe is back', async () => {
  await setWeather(world, 'stripe', { down: true });
  const sent = tellOf(`pi_${randomUUID()}`);
  const waiting = `from outbox where name = 'payment.warn' and dispatched_at is not null and done_at is null`;
  await waitFor(async () => (await count(world, waiting)) === 1, { what: 'the job to wait' });
  await setWeather(world, 'stripe', {});
  await sent;
});

test('nothing is said of what is given back, of what is disputed, or of what is not ours', async () => {
  const event = await sellEvent(world);
  const [back, disputed] = [await buy(world, event), await buy(world, event)];
  await refund(world, back, {});
  await refundsBecome(world, back, ['succeeded']);
  await dispute(world, disputed);
  await ticketsBecome(world, disputed, ['suspended', 'suspended']);
  const before = await count(world, 'from incidents where kind = :kind', { kind });
  for (const intent of [
    await intentOf(world, back),
    await intentOf(world, disputed),
    'pi_foreign',
  ]) {
    await tellOf(intent);
  }
  expect(await count(world, 'from incidents where kind = :kind', { kind })).toBe(before);
});

test('poison: what names no payment is dead at once', async () => {
  const id = randomUUID();
  await world.db.pool.raw(
    `insert into outbox (id, queue, name, payload) values (:id, 'refunds', 'payment.warn', '{}')`,
    { id },
  );
  const dead = 'from outbox where id = :id and dead_at is not null';
  await waitFor(async () => (await count(world, dead, { id })) === 1, { what: 'it to be dead' });
});
