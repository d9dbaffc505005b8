import { randomUUID } from 'node:crypto';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type Bought, givenBackAtStripe, intentOf, refund, refundsBecome } from '#support/refunds';
import {
  count,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;

/** No webhook comes by itself: a test delivers them, in the order it wants. */
const silent = { webhooks: { drop_rate: 1 } };

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { RECONCILE_INTERVAL_MS: '3600000' },
  });
});
beforeEach(async () => {
  await setWeather(world, 'stripe', silent);
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function settle({ orderId, sessionId }: Placed): Promise<void> {
  await world.db.inTransaction(
    async (tx) => await enqueue(tx, 'order.settle', { orderId, sessionId }),
  );
}

async function paidOrder(): Promise<Placed> {
  const placed = await placeOrder(world, await sellEvent(world));
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('paid');
  return placed;
}

async function boughtOrder(): Promise<Placed & Pick<Bought, 'ticketIds'>> {
  const placed = await paidOrder();
  await settle(placed);
  const order = await orderBecomes(world, placed, 'fulfilled');
  return { ...placed, ticketIds: order.tickets.map(({ id }: { id: string }) => id) };
}

async function submit(refundId: string, times: number): Promise<void> {
  await world.db.inTransaction(async (tx) => {
    for (let n = 0; n < times; n += 1) {
      await enqueue(tx, 'refund.submit', { refundId });
    }
  });
}

async function allQuiet(): Promise<void> {
  const open = `from outbox where queue = 'refunds' and done_at is null and dead_at is null`;
  await waitFor(async () => (await count(world, open)) === 0, {
    what: 'the messages of refunds to be closed',
    timeoutMs: 120_000,
  });
}

describe('refund.submit', () => {
  test('happy, redelivered and concurrent: one refund, however often it is asked for', async () => {
    const order = await boughtOrder();
    const { body } = await refund(world, order, { amount_cents: 1_000 });
    await submit(body.id, 20);
    await refundsBecome(world, order, ['succeeded']);
    await submit(body.id, 5);
    await allQuiet();
    expect(await givenBackAtStripe(world, order)).toBe(1_000);
  });

  test('an answer that was lost is asked for again under the same key', async () => {
    const order = await boughtOrder();
    await setWeather(world, 'stripe', { ...silent, timeout_after_success_rate: 1 });
    const { body } = await refund(world, order, { amount_cents: 1_000 });
    const called = 'from refunds where id = :id and first_called_at is not null';
    await waitFor(async () => (await count(world, called, { id: body.id })) === 1, {
      what: 'Stripe to have been called',
    });
    await setWeather(world, 'stripe', silent);
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(1_000);
  });

  test('negative control: under another key the same refund would be made twice', async () => {
    const order = await boughtOrder();
    const { body } = await refund(world, order, { amount_cents: 1_000 });
    await refundsBecome(world, order, ['succeeded']);
    await world.db.pool.raw(
      `update refunds set status = 'requested', ended_at = null, stripe_refund_id = null,
              attempt = attempt + 1 where id = :id`,
      { id: body.id },
    );
    await submit(body.id, 1);
    await allQuiet();
    expect(await givenBackAtStripe(world, order)).toBe(2_000);
    await world.db.inTransaction(async (tx) => {
      const paymentIntentId = await intentOf(world, order);
      await enqueue(tx, 'refund.sync', { paymentIntentId });
    });
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
  });

  test('a key that only answers with a stored fault is looked up, then given up for another', async () => {
    const order = await boughtOrder();
    const on = 'POST /v1/refunds';
    await stripe(world, 'refusals', { kind: 'api_error', on, times: 2, has_effect: false });
    await refund(world, order, { amount_cents: 1_000 });
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(1_000);
  });

  test('a stored fault of a refund that was made all the same is not asked for twice', async () => {
    const order = await boughtOrder();
    const on = 'POST /v1/refunds';
    await stripe(world, 'refusals', { kind: 'api_error', on, times: 1, has_effect: true });
    await refund(world, order, { amount_cents: 1_000 });
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(1_000);
  });

  test('too many requests, and Stripe away: it waits without spending attempts', async () => {
    const order = await boughtOrder();
    await stripe(world, 'refusals', { kind: 'rate_limit', on: 'POST /v1/refunds', times: 3 });
    await refund(world, order, { amount_cents: 1_000 });
    await refundsBecome(world, order, ['succeeded']);
    await setWeather(world, 'stripe', { ...silent, down: true });
    const { body } = await refund(world, order, { amount_cents: 500 });
    const called = 'from refunds where id = :id and first_called_at is not null';
    await waitFor(async () => (await count(world, called, { id: body.id })) === 1, {
      what: 'Stripe to have been called in vain',
    });
    await setWeather(world, 'stripe', silent);
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(1_500);
  });

  test('a refund that Stripe refuses for good needs a person, and the money stays owed', async () => {
    const order = await boughtOrder();
    await stripe(world, 'disputes', { payment_intent: await intentOf(world, order) });
    const { body } = await refund(world, order, {});
    const [failed] = await refundsBecome(world, order, ['failed']);
    expect(failed.failure).toContain('charged back');
    const incident = `from incidents where kind = 'refund.refused' and object_id = :id`;
    expect(await count(world, incident, { id: body.id })).toBe(1);
  });

  test('poison: a payload nobody can read is dead at once, and the next one runs', async () => {
    const id = randomUUID();
    await world.db.pool.raw(
      `insert into outbox (id, queue, name, payload)
       values (:id, 'refunds', 'refund.submit', '{"refundId": 7}')`,
      { id },
    );
    const order = await boughtOrder();
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded']);
    const dead = 'from outbox where id = :id and dead_at is not null';
    await waitFor(async () => (await count(world, dead, { id })) === 1, {
      what: 'the poisoned message to be dead',
    });
  });
});

describe('refund.sync', () => {
  test('out of order: refunded before it was settled, all of it becomes no ticket', async () => {
    const placed = await paidOrder();
    const paymentIntentId = await intentAtStripe(placed);
    await stripe(world, 'refunds', { payment_intent: paymentIntentId });
    await sync(paymentIntentId);
    await allQuiet();
    await settle(placed);
    const external = await refundsBecome(world, placed, ['succeeded']);
    expect(external[0]).toMatchObject({ kind: 'external', amount_cents: 5_000 });
    expect(await count(world, 'from tickets where order_id = :id', { id: placed.orderId })).toBe(0);
  });

  test('a part refunded before it was settled: tickets, and the refund is recorded', async () => {
    const placed = await paidOrder();
    const paymentIntentId = await intentAtStripe(placed);
    await stripe(world, 'refunds', { payment_intent: paymentIntentId, amount: 2_500 });
    await sync(paymentIntentId);
    await allQuiet();
    await settle(placed);
    await orderBecomes(world, placed, 'fulfilled');
    await refundsBecome(world, placed, ['succeeded']);
  });

  test('refunded while it is being settled: nobody misses the other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const placed = await paidOrder();
      const paymentIntentId = await intentAtStripe(placed);
      await stripe(world, 'refunds', { payment_intent: paymentIntentId });
      await Promise.all([settle(placed), sync(paymentIntentId)]);
      await refundsBecome(world, placed, ['succeeded']);
      const live = `from tickets where order_id = :id and status = 'valid'`;
      await waitFor(async () => (await count(world, live, { id: placed.orderId })) === 0, {
        what: 'no ticket to be good',
      });
    }
  });

  test('concurrent and redelivered: twenty causes record each refund once', async () => {
    const order = await boughtOrder();
    const paymentIntentId = await intentOf(world, order);
    await stripe(world, 'refunds', { payment_intent: paymentIntentId, amount: 1_000 });
    await stripe(world, 'refunds', { payment_intent: paymentIntentId, amount: 1_500 });
    await Promise.all(Array.from({ length: 20 }, async () => await sync(paymentIntentId)));
    await allQuiet();
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
  });
});

async function sync(paymentIntentId: string): Promise<void> {
  await world.db.inTransaction(async (tx) => await enqueue(tx, 'refund.sync', { paymentIntentId }));
}

/** Before it is settled only Stripe knows which PaymentIntent an order has. */
async function intentAtStripe({ sessionId }: Placed): Promise<string> {
  const { body } = await http(`${world.stack.urls.stripe}/v1/checkout/sessions/${sessionId}`, {
    token: world.stack.stripeSecretKey,
  });
  return body.payment_intent;
}
