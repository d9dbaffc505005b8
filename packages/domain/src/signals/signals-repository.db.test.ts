import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { awaitingTickets } from '#orders/awaiting-tickets';
import { listPaidWithoutTickets } from '#orders/stuck-repository';
import { readBusinessSignals } from './signals-repository.ts';
import { readToday } from './today-repository.ts';

/** The ids of the sample are hashes: here they are what repositories take for an id. */
const sample = readFileSync(new URL('../books/sample-books.sql', import.meta.url), 'utf8').replace(
  'md5(name)::uuid',
  `overlay(overlay(md5(name) placing ''4'' from 13) placing ''8'' from 17)::uuid`,
);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.inTransaction(async (tx) => await tx.raw(sample));
});
beforeEach(async () => {
  await database.db.pool.raw('truncate stripe_events');
  await database.db.pool.raw(
    `update orders set status = 'fulfilled', fulfilled_at = now() where status = 'paid'`,
  );
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** An event of Stripe that is stored, of an order of the sample, received so long ago. */
async function store(event: {
  readonly order: string;
  readonly type?: string;
  readonly paid?: string;
  readonly secondsAgo?: number;
}): Promise<void> {
  const { order, type = 'checkout.session.completed', paid = 'paid', secondsAgo = 90 } = event;
  await database.db.pool.raw(
    `insert into stripe_events (id, type, livemode, source, payload, created_at, received_at)
     values (:id, :type, false, 'webhook',
             jsonb_build_object('data', jsonb_build_object('object', jsonb_build_object(
               'client_reference_id', id(:order::text), 'payment_status', :paid::text))),
             now(), now() - make_interval(secs => :secondsAgo))`,
    { id: randomUUID(), type, order, paid, secondsAgo },
  );
}

async function waiting() {
  const found = await readBusinessSignals(database.db.pool);
  const { paidWithoutTickets: count, paidWithoutTicketsSeconds: seconds, paidLate: late } = found;
  return { count, seconds: Math.floor(seconds / 10) * 10, late };
}

async function stuck(): Promise<string[]> {
  const { rows } = await database.db.pool.raw(`select id('house') as id`);
  return (await listPaidWithoutTickets(database.db.pool, rows[0].id)).map(({ number }) => number);
}

describe('an order that waits for its tickets', () => {
  test('is one of which an event says that it is paid, although nobody has settled it', async () => {
    expect(await waiting()).toEqual({ count: 0, seconds: 0, late: 0 });
    await store({ order: 'pending' });
    await store({ order: 'pending', secondsAgo: 5 });
    expect(await waiting()).toEqual({ count: 1, seconds: 90, late: 1 });
    expect(await stuck()).toEqual(['LV-0001']);
    const { rows } = await database.db.pool.raw(`select id('house') as id`);
    expect(await readToday(database.db.pool, rows[0].id)).toMatchObject({ ordersWaiting: 1 });
  });

  test('is one whose money came later, and one that had ended', async () => {
    await store({ order: 'ended', type: 'checkout.session.async_payment_succeeded', paid: '' });
    expect(await waiting()).toEqual({ count: 1, seconds: 90, late: 1 });
    expect(await stuck()).toEqual(['LV-0004']);
  });

  test('is one that was settled and not issued, once', async () => {
    await store({ order: 'paid' });
    await database.db.pool.raw(
      `update orders set status = 'paid', fulfilled_at = null, paid_at = now() - interval '20 seconds'
        where id = id('paid')`,
    );
    expect(await waiting()).toEqual({ count: 1, seconds: 20, late: 1 });
  });

  test('is late after ten seconds', async () => {
    await store({ order: 'pending', secondsAgo: 5 });
    expect(await waiting()).toMatchObject({ count: 1, late: 0 });
    expect(await stuck()).toEqual([]);
  });

  test('is none whose money has not come, whose event was processed, or that has its tickets', async () => {
    await store({ order: 'pending', paid: 'unpaid' });
    await store({ order: 'pending', type: 'checkout.session.expired' });
    await store({ order: 'done' });
    await store({ order: 'nobody' });
    expect(await waiting()).toMatchObject({ count: 0 });
    await store({ order: 'pending' });
    await database.db.pool.raw('update stripe_events set processed_at = now()');
    expect(await waiting()).toMatchObject({ count: 0 });
  });

  test('is looked for among events that are open, however many were ever stored', async () => {
    const { pool } = database.db;
    await pool.raw(
      `insert into stripe_events (id, type, livemode, source, payload, created_at, processed_at)
       select 'evt_' || n, 'checkout.session.completed', false, 'webhook', '{}', now(), now()
         from generate_series(1, 20000) n`,
    );
    await store({ order: 'pending' });
    await pool.raw('analyze stripe_events');
    const { rows } = await pool.raw(`explain select count(*) from (${awaitingTickets}) waiting`);
    const plan = JSON.stringify(rows);
    expect(plan).toContain('stripe_events_open');
    expect(plan).not.toContain('Seq Scan on stripe_events');
  });
});
