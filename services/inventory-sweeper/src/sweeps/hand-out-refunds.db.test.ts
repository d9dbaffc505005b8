import { randomUUID } from 'node:crypto';
import { migrations } from '@liventix/domain/migrations';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { handOutWaiting } from './hand-out-refunds.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica; truncate refunds, outbox cascade');
  });
});
afterAll(async () => await database[Symbol.asyncDispose]());

/** Refunds of a cancelled event that wait for their turn; what else there is of it does not matter. */
async function wait(refunds: number): Promise<void> {
  await database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    await tx.raw(
      `insert into refunds (id, organization_id, payment_id, order_id, kind, amount_cents, currency,
                            reason, is_waiting)
       select gen_random_uuid(), :house, gen_random_uuid(), gen_random_uuid(), 'event_cancelled',
              2500, 'eur', 'The event is cancelled.', true
         from generate_series(1, :refunds::integer)`,
      { house: randomUUID(), refunds },
    );
  });
}

async function count(query: string): Promise<number> {
  const { rows } = await database.db.pool.raw(`select count(*)::int as n ${query}`);
  return rows[0].n;
}

const handedOut = async () => await count(`from outbox where name = 'refund.submit'`);

async function run(refundsPerSecond: number, times = 1): Promise<void> {
  const log = createLogger({ name: 'test', level: 'silent' });
  for (let n = 0; n < times; n += 1) {
    await handOutWaiting({ db: database.db, log, refundsPerSecond });
  }
}

/** Stripe gave these back. */
async function made(refunds: number): Promise<void> {
  await database.db.pool.raw(
    `update refunds set status = 'succeeded', ended_at = now()
      where id in (select id from refunds where not is_waiting and status = 'requested' limit :refunds)`,
    { refunds },
  );
}

test('a second’s worth at a time, each once', async () => {
  await wait(50);
  for (const total of [20, 40, 50, 50]) {
    await run(20);
    expect(await handedOut()).toBe(total);
  }
  expect(await count('from refunds where is_waiting')).toBe(0);
});

test('two sweeps at once hand out one second’s worth', async () => {
  await wait(100);
  await Promise.all([run(20), run(20), run(20)]);
  expect(await handedOut()).toBeLessThanOrEqual(60);
  expect(await count('from refunds where not is_waiting')).toBe(await handedOut());
});

test('while Stripe makes none, five seconds’ worth is all; what is made leaves room', async () => {
  await wait(300);
  await run(20, 10);
  expect(await handedOut()).toBe(100);
  await made(30);
  await run(20, 10);
  expect(await handedOut()).toBe(130);
});

test('without a pace five hundred stand before other refunds at most', async () => {
  await wait(1_200);
  await run(0, 3);
  expect(await handedOut()).toBe(500);
  await made(500);
  await run(0);
  expect(await handedOut()).toBe(1_000);
});
