import { randomUUID } from 'node:crypto';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { dispute, openAbout, ticketsBecome } from '#support/disputes';
import { booksBecome, intentOf, refundsBecome } from '#support/refunds';
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

/** No webhook comes by itself: a test says what is known, and in which order. */
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

type Cause = 'settle' | 'refund' | 'dispute';

interface Paid extends Placed {
  readonly paymentIntentId: string;
}

async function paidOrder(): Promise<Paid> {
  const placed = await placeOrder(world, await sellEvent(world));
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('paid');
  const { body } = await http(
    `${world.stack.urls.stripe}/v1/checkout/sessions/${placed.sessionId}`,
    { token: world.stack.stripeSecretKey },
  );
  return { ...placed, paymentIntentId: body.payment_intent };
}

async function send(order: Paid, cause: Cause, disputeId = ''): Promise<string> {
  const { orderId, sessionId, paymentIntentId } = order;
  return await world.db.inTransaction(async (tx) => {
    switch (cause) {
      case 'settle':
        return await enqueue(tx, 'order.settle', { orderId, sessionId });
      case 'refund':
        return await enqueue(tx, 'refund.sync', { paymentIntentId });
      case 'dispute':
        return await enqueue(tx, 'dispute.sync', { disputeId });
      default:
        return cause satisfies never;
    }
  });
}

async function done(...messageIds: readonly string[]): Promise<void> {
  const open = 'from outbox where done_at is null and id = any (:ids::uuid[])';
  const ids = `{${messageIds.join()}}`;
  await waitFor(async () => (await count(world, open, { ids })) === 0, {
    what: 'these messages to be closed',
    timeoutMs: 180_000,
  });
}

async function bought(): Promise<Paid> {
  const order = await paidOrder();
  await send(order, 'settle');
  await orderBecomes(world, order, 'fulfilled');
  return order;
}

describe('dispute.sync', () => {
  test('happy, redelivered and concurrent: twenty causes have one effect', async () => {
    const order = await bought();
    const id = await dispute(world, order);
    const causes = Array.from({ length: 20 }, async () => await send(order, 'dispute', id));
    await done(...(await Promise.all(causes)));
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    expect(await openAbout(world, 'dispute.opened', id)).toBe(1);
    await booksBecome(world, order, { disputed: 5_000, ticket_sales: -5_000 });
  });

  test('out of order: first heard of when it was won, nothing ever happened to the tickets', async () => {
    const order = await bought();
    const id = await dispute(world, order);
    await stripe(world, `disputes/${id}/win`, {});
    await done(await send(order, 'dispute', id));
    await ticketsBecome(world, order, ['valid', 'valid']);
    await booksBecome(world, order, { stripe_balance: 5_000, ticket_sales: -5_000 });
  });

  test('Stripe away: it waits, and is done when Stripe is back', async () => {
    const order = await bought();
    const id = await dispute(world, order);
    await setWeather(world, 'stripe', { ...silent, down: true });
    const message = await send(order, 'dispute', id);
    const asked = `from outbox where name = 'dispute.sync' and dispatched_at is not null and done_at is null`;
    await waitFor(async () => (await count(world, asked)) === 1, { what: 'the job to wait' });
    await setWeather(world, 'stripe', silent);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await done(message);
  });

  test('poison: a dispute that nobody can read is dead at once, and the next one runs', async () => {
    const id = randomUUID();
    await world.db.pool.raw(
      `insert into outbox (id, queue, name, payload)
       values (:id, 'refunds', 'dispute.sync', '{"disputeId": 7}')`,
      { id },
    );
    const order = await bought();
    await send(order, 'dispute', await dispute(world, order));
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    const dead = 'from outbox where id = :id and dead_at is not null';
    await waitFor(async () => (await count(world, dead, { id })) === 1, {
      what: 'the poisoned message to be dead',
    });
  });
});

const orders: readonly (readonly Cause[])[] = [
  ['settle', 'refund', 'dispute'],
  ['settle', 'dispute', 'refund'],
  ['refund', 'settle', 'dispute'],
  ['refund', 'dispute', 'settle'],
  ['dispute', 'settle', 'refund'],
  ['dispute', 'refund', 'settle'],
];

describe('completed, refunded in part, disputed', () => {
  test.concurrent.for(orders)('in the order %s, %s, %s: the same end', async (causes) => {
    const order = await paidOrder();
    const { paymentIntentId } = order;
    await stripe(world, 'refunds', { payment_intent: paymentIntentId, amount: 1_000 });
    const { body } = await stripe(world, 'disputes', { payment_intent: paymentIntentId });
    for (const cause of causes) {
      await done(await send(order, cause, body.id));
    }
    await orderBecomes(world, order, 'fulfilled');
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await booksBecome(world, order, {
      disputed: 4_000,
      goodwill: 1_000,
      ticket_sales: -5_000,
    });
    expect(await intentOf(world, order)).toBe(paymentIntentId);
  });

  test.concurrent.for(orders)('all at once, begun as %s, %s, %s: the same end', async (causes) => {
    const order = await paidOrder();
    const { paymentIntentId } = order;
    await stripe(world, 'refunds', { payment_intent: paymentIntentId, amount: 1_000 });
    const { body } = await stripe(world, 'disputes', { payment_intent: paymentIntentId });
    const sent = await Promise.all(causes.map(async (cause) => await send(order, cause, body.id)));
    await done(...sent);
    await orderBecomes(world, order, 'fulfilled');
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await booksBecome(world, order, {
      disputed: 4_000,
      goodwill: 1_000,
      ticket_sales: -5_000,
    });
  });
});
