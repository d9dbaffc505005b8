import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ensureOrganization } from '#access/access-repository';
import { readBalances } from '#ledger/ledger-repository';
import { migrations } from '#migrations';
import { orgWalletApplyRefund, passOnCredits, walletApplyRefund } from './credit-repository.ts';
import {
  findWallet,
  listWalletEntries,
  openWallet,
  type WalletOwner,
} from './wallet-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});

afterAll(async () => await database[Symbol.asyncDispose]());

interface House {
  readonly organizationId: string;
  readonly buyer: string;
  readonly own: string;
}

/** An organization of its own, with a buyer's wallet and one of its credits. */
async function open(): Promise<House> {
  const slug = `house-${randomUUID()}`;
  const { organizationId } = await ensureOrganization(database.db.pool, { slug, name: 'House' });
  const opened = async (owner: WalletOwner) =>
    await database.db.inTransaction(
      async (tx) => await openWallet(tx, { organizationId, currency: 'eur', locale: 'en', owner }),
    );
  return {
    organizationId,
    buyer: await opened({ kind: 'buyer', email: 'ada@example.com' }),
    own: await opened({ kind: 'organization', email: null }),
  };
}

const balanceOf = async (walletId: string) =>
  (await findWallet(database.db.pool, walletId))?.balanceCents;

const applied = async (credit: Parameters<typeof walletApplyRefund>[1]) =>
  (await database.db.inTransaction(async (tx) => await walletApplyRefund(tx, credit))).kind;

const appliedToOwn = async (credit: Parameters<typeof orgWalletApplyRefund>[1]) =>
  (await database.db.inTransaction(async (tx) => await orgWalletApplyRefund(tx, credit))).kind;

const passedOn = async (credit: Parameters<typeof passOnCredits>[1]) =>
  (await database.db.inTransaction(async (tx) => await passOnCredits(tx, credit))).kind;

test('a person has one wallet a currency, however their address is written', async () => {
  const { organizationId, buyer } = await open();
  const again = await database.db.inTransaction(
    async (tx) =>
      await openWallet(tx, {
        organizationId,
        currency: 'eur',
        locale: 'de',
        owner: { kind: 'buyer', email: 'Ada+tickets@Example.com' },
      }),
  );
  expect(again).toBe(buyer);
});

test('an invoice counts once, also when many bring it at once', async () => {
  const { buyer, organizationId } = await open();
  const credit = { walletId: buyer, invoice: 'in-1', amountCents: 700 };
  const outcomes = await Promise.all(Array.from({ length: 6 }, async () => await applied(credit)));
  expect(outcomes.toSorted()).toEqual(['applied', ...Array(5).fill('known')]);
  expect(await applied({ ...credit, amountCents: 701 })).toBe('invoice_used');
  expect(await applied({ ...credit, invoice: 'in-2' })).toBe('applied');
  expect(await balanceOf(buyer)).toBe(1_400);
  expect(await listWalletEntries(database.db.pool, { walletId: buyer, limit: 10 })).toMatchObject([
    { kind: 'grant', amountCents: 700, invoice: 'in-2' },
    { kind: 'grant', amountCents: 700, invoice: 'in-1' },
  ]);
  expect(await readBalances(database.db.pool, { organizationId })).toEqual([
    { account: 'wallet_credit', currency: 'eur', balanceCents: -1_400 },
    { account: 'wallet_grants', currency: 'eur', balanceCents: 1_400 },
  ]);
});

test('each kind of wallet has its own operation', async () => {
  const { buyer, own } = await open();
  expect(await applied({ walletId: own, invoice: 'in-1', amountCents: 5 })).toBe('wallet_unknown');
  expect(await appliedToOwn({ walletId: buyer, invoice: 'in-1', credits: 5 })).toBe(
    'wallet_unknown',
  );
  expect(await applied({ walletId: randomUUID(), invoice: 'in-1', amountCents: 5 })).toBe(
    'wallet_unknown',
  );
});

test('credits are passed on as far as there are any, once an invoice', async () => {
  const { buyer, own, organizationId } = await open();
  expect(await appliedToOwn({ walletId: own, credits: 1_000, invoice: 'in-1' })).toBe('applied');
  expect(await appliedToOwn({ walletId: own, credits: 1_000, invoice: 'in-1' })).toBe('known');
  const pass = (invoice: string) =>
    passedOn({ fromWalletId: own, walletId: buyer, invoice, amountCents: 400 });
  const twice = await Promise.all(['a', 'a'].map(pass));
  expect(twice.toSorted()).toEqual(['applied', 'known']);
  const others = await Promise.all(['b', 'c', 'd'].map(pass));
  expect(others.toSorted()).toEqual(['applied', 'too_little', 'too_little']);
  expect([await balanceOf(own), await balanceOf(buyer)]).toEqual([200, 800]);
  expect(await readBalances(database.db.pool, { organizationId })).toEqual([
    { account: 'organization_credits', currency: 'eur', balanceCents: -200 },
    { account: 'wallet_credit', currency: 'eur', balanceCents: -800 },
    { account: 'wallet_grants', currency: 'eur', balanceCents: 1_000 },
  ]);
});

test('negative control: without the unique invoice the same money comes in twice', async () => {
  const { buyer } = await open();
  await database.db.pool.raw('drop index wallet_entries_one_an_invoice');
  await using _ = {
    [Symbol.asyncDispose]: async () =>
      await database.db.pool.raw(
        `create unique index wallet_entries_one_an_invoice on wallet_entries (wallet_id, invoice)
          where invoice is not null`,
      ),
  };
  // The statement names the index it relies on, and does not run without it.
  await expect(applied({ walletId: buyer, invoice: 'in-1', amountCents: 5 })).rejects.toThrow(
    /no unique or exclusion constraint/,
  );
  expect(await balanceOf(buyer)).toBe(0);
});
