import { randomUUID } from 'node:crypto';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ticketsBecome } from '#support/disputes';
import { killed } from '#support/killing';
import { buy, givenBackAtStripe, refundsBecome } from '#support/refunds';
import {
  count,
  http,
  placeHold,
  type SoldEvent,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function refundAll(eventId: string): Promise<string> {
  return await world.db.inTransaction(
    async (tx) => await enqueue(tx, 'event.refund_all', { eventId }),
  );
}

async function becomes(messageId: string, end: 'done_at' | 'dead_at'): Promise<void> {
  const ended = `from outbox where id = :messageId and ${end} is not null`;
  await waitFor(async () => (await count(world, ended, { messageId })) === 1, {
    what: `message ${messageId} to have ${end}`,
    timeoutMs: 120_000,
  });
}

async function cancel(event: SoldEvent): Promise<void> {
  const cancelled = await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
    token: world.stack.adminApiKey,
    body: {},
  });
  expect(cancelled.status, cancelled.text).toBeLessThan(300);
}

async function takeFreeTickets(event: SoldEvent, orders: number): Promise<void> {
  const { checkout } = world.stack.urls;
  let begun = 0;
  const guest = async () => {
    while (begun < orders) {
      begun += 1;
      const email = `guest-${begun}@liventix.test`;
      const hold = await placeHold(world, event, 1);
      const taken = await http(`${checkout}/v1/holds/${hold.body.id}/checkout`, {
        token: hold.body.token,
        key: randomUUID(),
        body: { buyer: { name: 'Guest', email } },
      });
      expect(taken.status, taken.text).toBe(201);
    }
  };
  await Promise.all(Array.from({ length: 12 }, guest));
  const done = `from orders where event_id = :id and status = 'fulfilled'`;
  await waitFor(async () => (await count(world, done, { id: event.id })) === orders, {
    what: 'the free tickets',
    timeoutMs: 180_000,
  });
}

describe('event.refund_all', () => {
  test('happy, redelivered and concurrent: one refund an order', async () => {
    const event = await sellEvent(world);
    const orders = [await buy(world, event), await buy(world, event)];
    await cancel(event);
    const again = await Promise.all(
      Array.from({ length: 5 }, async () => await refundAll(event.id)),
    );
    for (const order of orders) {
      await refundsBecome(world, order, ['succeeded']);
      expect(await givenBackAtStripe(world, order)).toBe(5_000);
    }
    await Promise.all(again.map(async (messageId) => await becomes(messageId, 'done_at')));
    await becomes(await refundAll(event.id), 'done_at');
    const made = `from refunds r join orders o on o.id = r.order_id where o.event_id = :id`;
    expect(await count(world, made, { id: event.id })).toBe(2);
  });

  test('killed in the middle: the next one finishes, and no order is refunded twice', async () => {
    const event = await sellEvent(world, {
      tiers: [{ name: 'Guests', price_cents: 0, capacity: 1_000, max_per_order: 1 }],
    });
    await takeFreeTickets(event, 260);
    const of = `from refunds r join orders o on o.id = r.order_id where o.event_id = :id`;
    const refunds = async () => await count(world, of, { id: event.id });
    const blocked = new Error('the lock was held long enough');
    await world.db
      .inTransaction(async (tx) => {
        await tx.raw('set local idle_in_transaction_session_timeout = 0');
        await tx.raw(
          'select 1 from orders where event_id = :id order by id desc limit 1 for update',
          { id: event.id },
        );
        await cancel(event);
        await waitFor(async () => (await refunds()) === 250, { what: 'the first batch' });
        await killed(world, 'refunds');
        throw blocked;
      })
      .catch((error: unknown) => expect(error).toBe(blocked));
    await waitFor(async () => (await refunds()) === 260, {
      what: 'the other batch',
      timeoutMs: 120_000,
    });
    const live = `from tickets where event_id = :id and status = 'valid'`;
    expect(await count(world, live, { id: event.id })).toBe(0);
  });

  test('out of order: before the event is cancelled nothing is refunded', async () => {
    const event = await sellEvent(world);
    const order = await buy(world, event);
    await becomes(await refundAll(event.id), 'dead_at');
    await ticketsBecome(world, order, ['valid', 'valid']);
  });

  test('a payment that became tickets after the event was cancelled is found by fulfilling', async () => {
    const event = await sellEvent(world);
    const order = await buy(world, event);
    const late = `set status = 'paid', fulfilled_at = null where id = '${order.orderId}'`;
    await world.db.pool.raw(`begin; set local session_replication_role = replica;
      delete from tickets where order_id = '${order.orderId}';
      update orders ${late};
      update ticket_holds set status = 'active', ended_at = null, expires_at = 'infinity'
       where id = (select hold_id from orders where id = '${order.orderId}');
      update ticket_tiers set issued_quantity = 0, reserved_quantity = 2
       where id = '${event.tierIds[0]}';
      commit`);
    await cancel(event);
    const done = `from outbox where name = 'event.refund_all' and payload ->> 'eventId' = :id and done_at is not null`;
    await waitFor(async () => (await count(world, done, { id: event.id })) === 1, {
      what: 'the job to have run before there were tickets',
    });
    await world.db.inTransaction(
      async (tx) => await enqueue(tx, 'tickets.ensure', { orderId: order.orderId }),
    );
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['refunded', 'refunded']);
  });

  test('poison: a payload nobody can read is dead at once, and the next one runs', async () => {
    const id = randomUUID();
    await world.db.pool.raw(
      `insert into outbox (id, queue, name, payload)
       values (:id, 'refunds', 'event.refund_all', '{"eventId": 7}')`,
      { id },
    );
    await becomes(id, 'dead_at');
    const event = await sellEvent(world);
    const order = await buy(world, event);
    await cancel(event);
    await refundsBecome(world, order, ['succeeded']);
  });
});
