import { randomUUID } from 'node:crypto';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  count,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  readOrder,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  // Webhooks never come: what settles an order here is the message that a test sends.
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { RECONCILE_INTERVAL_MS: '3600000' },
  });
  await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/** Commits this many causes to settle the order; the relay sends them. */
async function settle(placed: Placed, times = 1): Promise<string[]> {
  const { orderId, sessionId } = placed;
  return await world.db.inTransaction(async (tx) => {
    const ids: string[] = [];
    for (let n = 0; n < times; n += 1) {
      ids.push(await enqueue(tx, 'order.settle', { orderId, sessionId }));
    }
    return ids;
  });
}

async function ensure(orderId: string): Promise<string> {
  return await world.db.inTransaction(
    async (tx) => await enqueue(tx, 'tickets.ensure', { orderId }),
  );
}

async function allDone(ids: readonly string[]): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select count(*)::int as n from outbox
          where id = any (:ids::uuid[]) and done_at is not null`,
        { ids: [...ids] },
      );
      return rows[0].n === ids.length;
    },
    { what: `${ids.length} messages to be closed`, timeoutMs: 120_000 },
  );
}

async function effects(orderId: string): Promise<Record<string, number>> {
  return {
    payments: await count(world, 'from payments where order_id = :orderId', { orderId }),
    tickets: await count(world, 'from tickets where order_id = :orderId', { orderId }),
    emails: await count(world, 'from emails where order_id = :orderId', { orderId }),
  };
}

async function paidOrder(quantity = 2): Promise<Placed> {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event, quantity);
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('paid');
  return placed;
}

const once = { payments: 1, tickets: 2, emails: 1 };

describe('order.settle', () => {
  test('happy: a paid session becomes tickets, and its message is closed', async () => {
    const placed = await paidOrder();
    await allDone(await settle(placed));
    await orderBecomes(world, placed, 'fulfilled');
    expect(await effects(placed.orderId)).toEqual(once);
  });

  test('redelivered: a message sent again after it was done changes nothing', async () => {
    const placed = await paidOrder();
    const [id = ''] = await settle(placed);
    await allDone([id]);
    await world.db.pool.raw(
      'update outbox set done_at = null, dispatched_at = null where id = :id',
      { id },
    );
    await allDone([id]);
    expect(await effects(placed.orderId)).toEqual(once);
  });

  test('concurrent: twenty causes at once have one effect, and all are closed', async () => {
    const placed = await paidOrder();
    await allDone(await settle(placed, 20));
    expect(await effects(placed.orderId)).toEqual(once);
  });

  test('out of order: asked before the buyer has paid, it waits for the payment', async () => {
    const event = await sellEvent(world);
    const placed = await placeOrder(world, event);
    await allDone(await settle(placed));
    expect((await readOrder(world, placed)).body.status).toBe('pending');
    expect((await pay(world, placed.sessionId)).body.outcome).toBe('paid');
    await allDone(await settle(placed));
    expect(await effects(placed.orderId)).toEqual(once);
  });

  test('poison: a payload nobody can read is dead at once, and the next job runs', async () => {
    const id = randomUUID();
    await world.db.pool.raw(
      `insert into outbox (id, queue, name, payload)
       values (:id, 'ticketing', 'order.settle', '{"orderId": "nonsense"}')`,
      { id },
    );
    const placed = await paidOrder();
    await allDone(await settle(placed));
    await waitFor(
      async () =>
        (await count(world, 'from outbox where id = :id and dead_at is not null', { id })) === 1,
      { what: 'the poisoned message to be dead' },
    );
    const incident = `from incidents where kind = 'message.dead' and object_id = :id`;
    expect(await count(world, incident, { id })).toBe(1);
  });

  test('an order that does not exist is dead at once, with an incident', async () => {
    const placed = await paidOrder();
    const [id = ''] = await settle({ ...placed, orderId: randomUUID() });
    await waitFor(
      async () =>
        (await count(world, 'from outbox where id = :id and dead_at is not null', { id })) === 1,
      { what: 'the message to be dead' },
    );
    await allDone(await settle(placed));
  });

  test('Stripe away: the job waits without spending attempts, and is finished', async () => {
    const placed = await paidOrder();
    await setWeather(world, 'stripe', { down: true });
    const ids = await settle(placed);
    const asked = async () =>
      (await stripe(world, 'requests')).body.requests.filter(
        (request: { path: string; status: number }) =>
          request.path.includes(placed.sessionId) && request.status === 503,
      ).length;
    await waitFor(async () => (await asked()) >= 2, { what: 'Stripe to have been asked in vain' });
    await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
    await allDone(ids);
    expect(await effects(placed.orderId)).toEqual(once);
  });
});

describe('tickets.ensure', () => {
  test('happy and redelivered: a fulfilled order stays as it is', async () => {
    const placed = await paidOrder();
    await allDone(await settle(placed));
    await allDone([await ensure(placed.orderId), await ensure(placed.orderId)]);
    expect(await effects(placed.orderId)).toEqual(once);
  });

  test('concurrent with settling: one set of tickets', async () => {
    const placed = await paidOrder();
    const settling = await settle(placed, 5);
    const ensuring = await Promise.all([1, 2, 3, 4, 5].map(() => ensure(placed.orderId)));
    await allDone([...settling, ...ensuring]);
    expect(await effects(placed.orderId)).toEqual(once);
  });

  test('out of order: before the payment there is nothing to issue', async () => {
    const event = await sellEvent(world);
    const placed = await placeOrder(world, event);
    await allDone([await ensure(placed.orderId)]);
    expect(await effects(placed.orderId)).toEqual({ payments: 0, tickets: 0, emails: 0 });
  });

  test('poison: an order id that is none is dead at once', async () => {
    const id = randomUUID();
    await world.db.pool.raw(
      `insert into outbox (id, queue, name, payload)
       values (:id, 'ticketing', 'tickets.ensure', '{"orderId": 7}')`,
      { id },
    );
    await waitFor(
      async () =>
        (await count(world, 'from outbox where id = :id and dead_at is not null', { id })) === 1,
      { what: 'the poisoned message to be dead' },
    );
  });
});
