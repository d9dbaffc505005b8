import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ensureOrganization } from '#access/access-repository';
import { migrations } from '#migrations';
import { type Entry, paymentReceived } from './ledger.ts';
import { post, readBalances } from './ledger-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function house(): Promise<string> {
  const slug = `house-${randomUUID().slice(0, 8)}`;
  const { organizationId } = await ensureOrganization(database.db.pool, { slug, name: 'House' });
  return organizationId;
}

function sale(amountCents: number) {
  const paymentId = randomUUID();
  return paymentReceived({ paymentId, amountCents, currency: 'eur', disposition: 'tickets' });
}

async function write(organizationId: string, entries: readonly Entry[]): Promise<void> {
  await database.db.inTransaction(async (tx) => {
    const cause = `test/${randomUUID()}`;
    await post(tx, [{ kind: 'test', cause, entries, owner: { organizationId } }]);
  });
}

const crooked: readonly Entry[] = [
  { account: 'stripe_balance', amountCents: 100, currency: 'eur' },
  { account: 'ticket_sales', amountCents: -99, currency: 'eur' },
];

describe('the ledger', () => {
  test('adds up per account, and says a thing once however often it is told at once', async () => {
    const organizationId = await house();
    const told = [sale(2_500), sale(4_000), sale(0)];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        await database.db.inTransaction(async (tx) => {
          await post(
            tx,
            told.map((posting) => ({ ...posting, owner: { organizationId } })),
          );
        });
      }),
    );
    expect(await readBalances(database.db.pool, { organizationId })).toEqual([
      { account: 'stripe_balance', currency: 'eur', balanceCents: 6_500 },
      { account: 'ticket_sales', currency: 'eur', balanceCents: -6_500 },
    ]);
  });

  test('refuses a transaction that does not sum to zero', async () => {
    await expect(write(await house(), crooked)).rejects.toThrow('does not sum to zero');
  });

  test('refuses one that sums to zero only across currencies', async () => {
    const entries: readonly Entry[] = [
      { account: 'stripe_balance', amountCents: 100, currency: 'eur' },
      { account: 'ticket_sales', amountCents: -100, currency: 'usd' },
    ];
    await expect(write(await house(), entries)).rejects.toThrow('does not sum to zero');
  });

  test('refuses an entry that is added to a transaction afterwards', async () => {
    await write(await house(), sale(100).entries);
    const later = database.db.pool.raw(
      `insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
       select id, 9, 'goodwill', 5, 'eur' from ledger_transactions limit 1`,
    );
    await expect(later).rejects.toThrow('does not sum to zero');
  });

  test.for([
    'update ledger_entries set amount_cents = amount_cents + 1',
    'delete from ledger_entries',
    'truncate ledger_entries',
    "update ledger_transactions set kind = 'other'",
    'delete from ledger_transactions',
  ])('refuses to %s', async (statement) => {
    await write(await house(), sale(100).entries);
    await expect(database.db.pool.raw(statement)).rejects.toThrow('is not allowed');
  });

  test('negative control: without the trigger a crooked transaction is written', async () => {
    await using bare = await createTestDatabase({ url: inject('databaseUrl'), migrations });
    await bare.db.pool.raw('alter table ledger_entries disable trigger ledger_entries_sum_to_zero');
    await bare.db.inTransaction(async (tx) => {
      const owner = { organizationId: null };
      await post(tx, [{ kind: 'test', cause: 'crooked', entries: crooked, owner }]);
    });
    const { rows } = await bare.db.pool.raw(
      'select sum(amount_cents)::int as sum from ledger_entries',
    );
    expect(rows).toEqual([{ sum: 1 }]);
  });
});
