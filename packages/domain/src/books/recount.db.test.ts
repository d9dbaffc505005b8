import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { auditBooks } from './books-repository.ts';

const sample = readFileSync(new URL('./sample-books.sql', import.meta.url), 'utf8');
const holds = readFileSync(new URL('20261123000200_holds.sql', migrations), 'utf8');

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.inTransaction(async (tx) => await tx.raw(sample));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function brokenRules(): Promise<string[]> {
  const broken: string[] = [];
  for await (const { invariant, kind } of auditBooks(database.db)) {
    broken.push(...(kind === 'held' ? [] : [invariant.name]));
  }
  return broken;
}

async function hold(name: string, quantity: number): Promise<void> {
  await database.db.inTransaction(async (tx) => {
    await tx.raw(
      `insert into ticket_holds (id, organization_id, event_id, status, expires_at)
       values (id(:name), id('house'), id('event'), 'active', now() + interval '1 hour')`,
      { name },
    );
    await tx.raw(
      `insert into hold_items (hold_id, tier_id, event_id, quantity, unit_price_cents)
       values (id(:name), id('floor'), id('event'), :quantity, 2500)`,
      { name, quantity },
    );
  });
}

/** The trigger as its migration makes it: what the runbook says to copy. */
function triggerOf(name: string): string {
  const from = holds.indexOf(`create trigger ${name} `);
  return holds.slice(from, holds.indexOf(';', from));
}

test('what a dropped trigger did not count is found, and counted by what the runbook says', async () => {
  expect(await brokenRules()).toEqual([]);
  await database.db.pool.raw('drop trigger hold_items_inserted on hold_items');
  await hold('uncounted', 4);
  expect(await brokenRules()).toEqual(['tiers-count-active-holds', 'triggers-are-there']);
  await database.db.pool.raw(triggerOf('hold_items_inserted'));
  await hold('counted', 2);
  await database.db.pool.raw('select recount_seats(id) from events');
  expect(await brokenRules()).toEqual([]);
});

test('a hold that is being placed meanwhile is counted once', async () => {
  const placed = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const placing = database.db.inTransaction(async (tx) => {
    await tx.raw('set local idle_in_transaction_session_timeout = 0');
    await tx.raw(
      `insert into ticket_holds (id, organization_id, event_id, status, expires_at)
       values (id('slow'), id('house'), id('event'), 'active', now() + interval '1 hour')`,
    );
    await tx.raw(
      `insert into hold_items (hold_id, tier_id, event_id, quantity, unit_price_cents)
       values (id('slow'), id('floor'), id('event'), 5, 2500)`,
    );
    placed.resolve(undefined);
    await goOn.promise;
  });
  await placed.promise;
  const recounting = database.db.inTransaction(async (tx) => {
    await tx.raw('set local lock_timeout = 0');
    await tx.raw('select recount_seats(id) from events');
  });
  await waitFor(
    async () => {
      const { rows } = await database.db.pool.raw(
        `select from pg_stat_activity
          where wait_event_type = 'Lock' and query like '%recount_seats%'
            and datname = current_database()`,
      );
      return rows.length > 0;
    },
    { what: 'the recount to wait for the hold' },
  );
  goOn.resolve(undefined);
  await Promise.all([placing, recounting]);
  expect(await brokenRules()).toEqual([]);
});
