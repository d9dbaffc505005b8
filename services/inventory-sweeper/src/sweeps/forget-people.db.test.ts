import { randomUUID } from 'node:crypto';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { migrations } from '@liventix/domain/migrations';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { forgetPeople } from './forget-people.ts';

let database: TestDatabase;
let house: string;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  const made = await ensureOrganization(database.db.pool, { slug: 'house', name: 'House' });
  house = made.organizationId;
});
beforeEach(async () => {
  await database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    await tx.raw('truncate orders, events, audit_log, buyer_limits cascade');
  });
});
afterAll(async () => await database[Symbol.asyncDispose]());

/** Orders that ended unpaid, of an event that was over so many days ago. */
async function past(days: number, orders: number): Promise<void> {
  await database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    const ids = { eventId: randomUUID(), slug: randomUUID(), house };
    await tx.raw(
      `insert into events (id, organization_id, slug, title, venue, starts_at, ends_at, timezone,
                           currency, status)
       values (:eventId, :house, :slug, 'A night', 'Hall',
               now() - make_interval(days => :days::integer, hours => 2),
               now() - make_interval(days => :days::integer), 'UTC', 'eur', 'closed')`,
      { ...ids, days },
    );
    await tx.raw(
      `insert into orders (id, organization_id, event_id, hold_id, number, status, buyer_name,
                           buyer_email, buyer_key, currency, subtotal_cents, total_cents, ended_at)
       select gen_random_uuid(), :house, :eventId, gen_random_uuid(),
              'LV-' || left(gen_random_uuid()::text, 8), 'expired', 'Ada', 'ada@example.org',
              'ada@example.org', 'eur', 2500, 2500, now()
         from generate_series(1, :orders::integer)`,
      { ...ids, orders },
    );
  });
}

async function count(query: string): Promise<number> {
  const { rows } = await database.db.pool.raw(`select count(*)::int as n ${query}`);
  return rows[0].n;
}

const named = async () => await count('from orders where buyer_email is not null');

async function run(days: number | undefined): Promise<void> {
  await forgetPeople(
    { db: database.db, log: createLogger({ name: 'test', level: 'silent' }) },
    days,
  );
}

test('nobody is forgotten without a number of days, or before they are over', async () => {
  await past(10, 3);
  await run(undefined);
  await run(11);
  expect(await named()).toBe(3);
});

test('everybody is, in as many batches as it takes; again changes nothing', async () => {
  await past(10, 450);
  await past(2, 5);
  await run(9);
  expect(await named()).toBe(5);
  expect(await count(`from audit_log where action = 'people.forget'`)).toBe(3);
  expect(await count('from events where forgotten_at is not null')).toBe(1);
  await run(9);
  expect(await count('from audit_log')).toBe(3);
});

test('two at once forget each order once', async () => {
  await past(10, 450);
  await Promise.all([run(9), run(9), run(9)]);
  await run(9);
  expect(await named()).toBe(0);
  const { rows } = await database.db.pool.raw(
    `select sum((facts ->> 'orders')::int)::int as n from audit_log`,
  );
  expect(rows[0].n).toBe(450);
});
