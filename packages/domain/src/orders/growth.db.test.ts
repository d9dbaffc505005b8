import { readFileSync } from 'node:fs';
import type { Executor } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { listAudit } from '#access/audit-repository';
import { migrations } from '#migrations';
import { readOrderStory } from './order-story-repository.ts';
import { foundMax, searchOrders } from './search-repository.ts';
import { listPaidWithoutTickets, listWaitingOrders } from './stuck-repository.ts';

const sample = readFileSync(new URL('../books/sample-books.sql', import.meta.url), 'utf8');

/** Old rows, as years of sales leave them: each table's own sample row under ids of its own. */
const old: Readonly<Record<string, string>> = {
  orders: `'hold_id', md5('hold' || n)::uuid, 'number', 'LV-9' || lpad(n::text, 6, '0'), 'buyer_key', 'k' || n,
           'organization_id', case when n <= 5000 then id('another house') else t.organization_id end,
           'buyer_name', case when n <= 5001 then 'Twin ' when n <= 20000 then 'Elder ' when n <= 20060 then 'Eld ' else 'Old ' end || n,
           'status', 'fulfilled',
           'created_at', now() + n * interval '1 second', 'paid_at', now() + n * interval '1 second'`,
  emails: `'dedupe_key', 'old/' || n, 'order_id', md5('order' || n)::uuid, 'status', 'sent'`,
  outbox: `'dispatched_at', now(), 'done_at', now(), 'dead_at', null,
           'payload', jsonb_build_object('orderId', md5('order' || n)::uuid)`,
  payments: `'order_id', md5('order' || n)::uuid, 'provider_id', 'pi_old_' || n`,
  tickets: `'order_id', md5('order' || n)::uuid, 'order_item_id', md5('item' || n)::uuid, 'serial', 1000 + n,
            'holder_name', 'Old ' || n`,
  checkout_attempts: `'order_id', md5('order' || n)::uuid, 'session_id', 'cs_old_' || n, 'state', 'paid',
                      'closed_at', now()`,
};

const oldOrders = 40_000;
const padded = (n: number) => String(n).padStart(6, '0');

let database: TestDatabase;
let organizationId: string;
let orderId: string;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.inTransaction(async (tx) => {
    await tx.raw(sample);
    await tx.raw(
      `set local session_replication_role = replica; set local statement_timeout = '60s'`,
    );
    for (const [table, changes] of Object.entries(old)) {
      await tx.raw(
        `insert into ${table}
         select r.* from (select * from ${table} limit 1) t
          cross join generate_series(1, :count::integer) n
          cross join lateral jsonb_populate_record(
                  t::${table}, jsonb_build_object('id', md5('row' || n)::uuid, ${changes})) r`,
        { count: table === 'orders' ? oldOrders : 10_000 },
      );
    }
    await tx.raw(
      `insert into stripe_events (id, type, livemode, source, payload, created_at, processed_at)
       select 'evt_old_' || n, 'charge.updated', false, 'webhook',
              jsonb_build_object('data', jsonb_build_object('object', jsonb_build_object('id', 'ch_' || n))),
              now(), now() from generate_series(1, 10000) n;
       insert into audit_log (organization_id, actor_type, actor_id, action, object_type, object_id)
       select id('house'), 'system', 'x', 'order.mend', 'order', n::text from generate_series(1, 10000) n`,
    );
  });
  await database.db.pool.raw('analyze');
  const { rows } = await database.db.pool.raw(`select id('house') as house, id('done') as done`);
  [organizationId, orderId] = [rows[0].house, rows[0].done];
});
afterAll(async () => await database[Symbol.asyncDispose]());

/** More than any answer needs, and a small part of each table. */
const rowsMax: Readonly<Record<string, number>> = { orders: 5_000, tickets: 2_500 };
const otherRowsMax = 1_000;

/** Tables of those that grow which were scanned meanwhile, or of which more was read by an index. */
async function readAtLength(work: (executor: Executor) => Promise<unknown>): Promise<string[]> {
  return await database.db.inTransaction(async (tx) => {
    const rowsRead = async () => {
      const { rows } = await tx.raw(
        `select relname as name, seq_scan::int as scans, idx_tup_fetch::int as rows
           from pg_stat_xact_user_tables`,
      );
      return new Map<string, { scans: number; rows: number }>(
        rows.map((row: { name: string; scans: number; rows: number }) => [row.name, row]),
      );
    };
    const before = await rowsRead();
    await work(tx);
    const after = await rowsRead();
    const growing = [...Object.keys(old), 'stripe_events', 'audit_log'];
    return growing.filter((name) => {
      const [then, now] = [before.get(name), after.get(name)];
      const isScanned = (now?.scans ?? 0) > (then?.scans ?? 0);
      const rows = (now?.rows ?? 0) - (then?.rows ?? 0);
      return isScanned || rows > (rowsMax[name] ?? otherRowsMax);
    });
  });
}

test.for([
  ['the story of an order', async (tx: Executor) => await readOrderStory(tx, orderId)],
  ['orders that wait', async (tx: Executor) => await listWaitingOrders(tx, organizationId)],
  ['paid orders', async (tx: Executor) => await listPaidWithoutTickets(tx, organizationId)],
  ...[
    'LV-9000007',
    'ada@example.org',
    'nobody',
    'old',
    'elder',
    'Old 30077',
    'pi_done',
    'evt_old_5',
    '1500',
    'du_none',
  ].map(
    (query) =>
      [
        `a search by ${query}`,
        async (tx: Executor) => await searchOrders(tx, { organizationId, query }),
      ] as const,
  ),
  [
    'acts of a kind that nobody did',
    async (tx: Executor) => await listAudit(tx, { organizationId, action: 'order.nothing' }),
  ],
] as const)('%s: of a table that grows a small part is read', async ([, work]) => {
  expect(await readAtLength(work)).toEqual([]);
});

const search = async (query: string) =>
  await searchOrders(database.db.pool, { organizationId, query });

const newestNumbers = Array.from({ length: foundMax }, (_, n) => `LV-9${padded(oldOrders - n)}`);

test('of a name that very many have now, the newest orders are found', async () => {
  const { orders, isCut } = await search('old');
  expect(orders.map(({ number }) => number)).toEqual(newestNumbers);
  expect(isCut).toBe(true);
});

test('of a name that very many had long ago, as many are found as are shown', async () => {
  const { orders, isCut } = await search('elder');
  expect(orders).toHaveLength(foundMax);
  expect(isCut).toBe(true);
});

test('the newest are found of a name in other letters too', async () => {
  const undo = new Error('as it was');
  const found = database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    await tx.raw(
      `update orders set buyer_name = 'Björn'
        where number between 'LV-9' || lpad(:oldest::text, 6, '0') and 'LV-9' || lpad(:newest::text, 6, '0')`,
      { oldest: oldOrders - 999, newest: oldOrders },
    );
    const { orders } = await searchOrders(tx, { organizationId, query: 'björn' });
    expect(orders.map(({ number }) => number)).toEqual(newestNumbers);
    throw undo;
  });
  await expect(found).rejects.toBe(undo);
});

test('who has words as they were typed comes before whoever has words that begin so', async () => {
  const numbers = async (query: string) => (await search(query)).orders.map(({ number }) => number);
  const asTyped = await numbers('eld');
  expect(asTyped).toHaveLength(foundMax);
  expect(asTyped.filter((number) => !/^LV-90200(?:[0-5]\d|60)$/.test(number))).toEqual([]);
  const begunSo = Array.from({ length: 10 }, (_, n) => `LV-9${padded(20_309 - n)}`);
  expect(await numbers('old 2030')).toEqual(begunSo);
});

test('of tickets so many of one name are read, and that there may be more is said', async () => {
  await database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    await tx.raw(
      `update tickets set holder_name = 'Quine', order_id = id('done') where serial between 1001 and 4000`,
    );
  });
  const { orders, isCut } = await search('quine');
  expect([orders.map(({ id }) => id), isCut]).toEqual([[orderId], true]);
});

test('a name that very many have elsewhere hides nobody of this house', async () => {
  const { orders, isCut } = await search('twin');
  expect(orders.map(({ number }) => number)).toEqual([`LV-9${padded(5_001)}`]);
  expect(isCut).toBe(false);
});

test.for([
  ['from end to end', 'on'],
  ['row by row, by its key', 'off'],
] as const)('a table that is read %s is seen (negative control)', async ([, scans]) => {
  const query = 'select id from orders where subtotal_cents < 0 order by id limit 1';
  const work = async (tx: Executor) => {
    await tx.raw(`set local enable_seqscan = ${scans}`);
    await tx.raw(query);
  };
  expect(await readAtLength(work)).toEqual(['orders']);
});
