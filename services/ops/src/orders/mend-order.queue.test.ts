import { randomUUID } from 'node:crypto';
import { lockOrder, markOrderFulfilled } from '@liventix/domain/orders/repository';
import type { Transaction } from '@liventix/shared/db';
import { lockIsWaitedFor } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { makeOneOfEach } from '#testing/objects';
import { keyOf, openOps, type TestOps } from '#testing/ops';

const stack = new AsyncDisposableStack();
let ops: TestOps;
let key: string;
let order: string;

beforeAll(async () => {
  ops = await openOps(stack, { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl') });
  key = await keyOf(ops, ops.here, { role: 'support' });
});
afterAll(async () => await stack.disposeAsync());
/** Of ada@example.com, with its ticket. */
beforeEach(async () => {
  ({ order } = await makeOneOfEach(ops.db, ops.here));
});

async function press(
  button: 'correct-address' | 'resend-confirmation' | 'refunds',
  how: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
): Promise<number> {
  const route = `POST /admin/v1/orders/:id/${button}`;
  return (await ops.ask(route, { key, id: order, ...how })).statusCode;
}

async function eightTimes(press: () => Promise<number>): Promise<number[]> {
  return [...new Set(await Promise.all(Array.from({ length: 8 }, press)))];
}

async function mails(): Promise<string[]> {
  const { rows } = await ops.db.pool.raw(
    `select recipient from emails where order_id = :order and kind = 'order_confirmation' order by id`,
    { order },
  );
  return rows.map(({ recipient }: { recipient: string }) => recipient);
}

/** What was written down of the order; of a correction, the addresses before and after. */
async function acts(): Promise<string[]> {
  const { rows } = await ops.db.pool.raw(
    `select concat_ws(' ', a.action, d.details ->> 'before', d.details ->> 'after') as act
       from audit_log a left join audit_details d on d.audit_id = a.id
      where a.object_id = :order order by a.id`,
    { order },
  );
  return rows.map(({ act }: { act: string }) => act);
}

/** Presses while somebody else changes the order, who is waited for. */
async function pressDuring(
  change: (tx: Transaction) => Promise<unknown>,
  press: () => Promise<number>,
): Promise<number> {
  let pressed: Promise<number> | undefined;
  await ops.db.inTransaction(async (tx) => {
    await lockOrder(tx, order);
    pressed = press();
    await lockIsWaitedFor(ops.db, { what: 'the press to wait for the order' });
    await change(tx);
  });
  return (await pressed) ?? 0;
}

const correct = async (email: string) => await press('correct-address', { body: { email } });

describe('an address that is corrected', () => {
  test('by eight presses at once gets one mail, and what it was before is written down', async () => {
    expect(await eightTimes(async () => await correct('grace@example.com'))).toEqual([202]);
    expect(await mails()).toEqual(['grace@example.com']);
    expect(await acts()).toEqual([
      'order.correct_address ada@example.com grace@example.com',
      ...Array(7).fill('order.correct_address grace@example.com grace@example.com'),
    ]);
  });

  test('while the order gets its tickets gets them too', async () => {
    await ops.db.pool.raw(
      `update orders set status = 'paid', fulfilled_at = null where id = :order`,
      { order },
    );
    const status = await pressDuring(
      async (tx) => await markOrderFulfilled(tx, order),
      async () => await correct('grace@example.com'),
    );
    expect(status).toBe(202);
    expect(await mails()).toEqual(['grace@example.com']);
  });

  test('while somebody corrects it to the same gets no second mail', async () => {
    const status = await pressDuring(
      async (tx) =>
        await tx.raw(`update orders set buyer_email = 'grace@example.com' where id = :order`, {
          order,
        }),
      async () => await correct('grace@example.com'),
    );
    expect(status).toBe(202);
    expect(await mails()).toEqual([]);
    expect(await acts()).toEqual(['order.correct_address grace@example.com grace@example.com']);
  });
});

test('a refund pressed while the tickets are issued is of them, and the order is not given up', async () => {
  await ops.db.pool.raw('delete from disputes where order_id = :order', { order });
  await ops.db.pool.raw(
    `update orders set status = 'paid', fulfilled_at = null where id = :order`,
    { order },
  );
  const status = await pressDuring(
    async (tx) => await markOrderFulfilled(tx, order),
    async () =>
      await press('refunds', {
        body: { reason: 'They do not come.' },
        headers: { 'idempotency-key': randomUUID() },
      }),
  );
  expect(status).toBe(201);
  const { rows } = await ops.db.pool.raw(
    `select o.status as order, k.status as ticket
       from orders o join tickets k on k.order_id = o.id where o.id = :order`,
    { order },
  );
  expect(rows).toEqual([{ order: 'fulfilled', ticket: 'refunded' }]);
});

test('a resend under one key, eight times at once and once more, is one mail and one act', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const resend = async () => await press('resend-confirmation', { headers });
  expect(await eightTimes(resend)).toEqual([202]);
  expect(await resend()).toBe(202);
  expect(await mails()).toEqual(['ada@example.com']);
  expect(await acts()).toEqual(['order.resend_confirmation']);
});
