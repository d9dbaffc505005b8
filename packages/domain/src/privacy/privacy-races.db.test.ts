import { readFileSync } from 'node:fs';
import type { Database, Transaction } from '@liventix/shared/db';
import {
  createTestDatabase,
  lockIsWaitedFor,
  type TestDatabase,
} from '@liventix/shared/testing/database';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { suppress } from '#emails/delivery-repository';
import { sendConfirmationAgain } from '#emails/resend-repository';
import { oweTokenMail } from '#emails/wallet-mail-repository';
import { migrations } from '#migrations';
import { lockOrder } from '#orders/order-repository';
import { requestRefund } from '#refunds/request-repository';
import { erasePeople } from './erasure-repository.ts';
import { listNeeds, lockRowsOf, type Person } from './person-repository.ts';
import { lockDueRows } from './retention-repository.ts';

/** Of the named ids in it, UUIDs of a version: orders are read and locked by their repositories here. */
const sample = readFileSync(new URL('../books/sample-books.sql', import.meta.url), 'utf8').replace(
  'md5(name)::uuid',
  `overlay(overlay(md5(name) placing ''4'' from 13) placing ''8'' from 17)::uuid`,
);

let database: TestDatabase;
let db: Database;
let ada: Person;

/** Ada's books, with nothing open any more; Bob bought one of the orders. */
beforeEach(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
  await db.inTransaction(async (tx) => {
    await tx.raw(sample);
    await tx.raw(
      `update events set starts_at = now() - interval '3 days', ends_at = now() - interval '2 days';
       update checkout_attempts set state = 'expired', closed_at = now() where closed_at is null;
       update orders set status = 'fulfilled', fulfilled_at = now() where status = 'paid';
       update orders set status = 'expired', ended_at = now() where status = 'pending';
       update orders set buyer_email = 'bob@example.org', buyer_key = 'bob' where id = id('ended');
       update payments set refund_open_cents = 0;
       update incidents set resolved_at = now() where resolved_at is null;
       update refunds set status = 'failed', ended_at = now() where status = 'requested';
       update emails set status = 'sent' where status = 'queued'`,
    );
  });
  ada = { organizationId: await idOf('house'), key: 'ada' };
});
afterEach(async () => await database[Symbol.asyncDispose]());

async function idOf(name: string): Promise<string> {
  return (await db.pool.raw('select id(:name) as id', { name })).rows[0].id;
}

async function count(query: string): Promise<number> {
  return (await db.pool.raw(`select count(*)::int as n ${query}`)).rows[0].n;
}

/** Until so many statements of this database wait for somebody's lock. */
async function waiting(statements: number): Promise<void> {
  await lockIsWaitedFor(db, {
    by: statements,
    what: `${statements} statements to wait for a lock`,
  });
}

/** As ops does: why somebody is still needed, or they are forgotten. */
async function forget(tx: Transaction, person: Person): Promise<readonly string[]> {
  const rows = await lockRowsOf(tx, person);
  const needs = await listNeeds(tx, rows);
  if (needs.length === 0) {
    await erasePeople(tx, rows);
  }
  return needs.map(({ reason }) => reason);
}

async function erase(tx: Transaction): Promise<void> {
  expect(await forget(tx, ada)).toEqual([]);
}

/** Gives a euro of an order back, as its people ask for it. */
async function giveBack(tx: Transaction): Promise<string> {
  const order = (await lockOrder(tx, await idOf('done'))) ?? expect.fail('no order');
  const wish = { kind: 'amount', amountCents: 100 } as const;
  const { kind } = await requestRefund(tx, { order, wish, reason: 'asked for' });
  return kind;
}

/** However long a busy machine takes, neither gives up. */
async function patient(tx: Transaction): Promise<void> {
  await tx.raw(`set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 0`);
}

/** Does the first, and lets it commit only when the second waits for it. */
async function inTurn<T>(
  first: (tx: Transaction) => Promise<unknown>,
  second: (tx: Transaction) => Promise<T>,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<T> {
  let late: Promise<T> | undefined;
  await db.inTransaction(async (tx) => {
    await patient(tx);
    await first(tx);
    late = db.inTransaction(async (waits) => {
      await patient(waits);
      return await second(waits);
    });
    late.catch(() => undefined);
    await waiting(1);
    await meanwhile();
  });
  return await (late ?? expect.fail('nothing came second'));
}

test('an order that becomes theirs while others are waited for is locked as well', async () => {
  const isLocked = await inTurn(
    async (tx) => await tx.raw(`select 1 from orders where id = id('done') for update`),
    async (tx) => {
      const { orderIds } = await lockRowsOf(tx, ada);
      expect(orderIds).toContain(await idOf('ended'));
      const { rows } = await db.pool.raw(
        `select id from orders where id = id('ended') for update skip locked`,
      );
      return rows.length === 0;
    },
    async () => await db.pool.raw(`update orders set corrected_key = 'ada' where id = id('ended')`),
  );
  expect(isLocked).toBe(true);
});

test('a confirmation that waited for who forgets is sent to nobody', async () => {
  const organizationId = await idOf('house');
  const order = { id: await idOf('done'), organizationId };
  const again = await inTurn(erase, async (tx) => await sendConfirmationAgain(tx, order));
  expect(again).toEqual({ kind: 'no_address' });
  expect(await count(`from emails where recipient is not null`)).toBe(0);
});

test('who has asked for money is needed until they have it', async () => {
  const needs = await inTurn(giveBack, async (tx) => await forget(tx, ada));
  expect(needs).toEqual(['payment']);
  expect(await count(`from orders where buyer_email = 'ada@example.org'`)).toBe(3);
});

test('money that was asked for while somebody was forgotten goes back, and nobody is written to', async () => {
  expect(await inTurn(erase, giveBack)).toBe('requested');
  expect(await count(`from refunds where status = 'requested'`)).toBe(1);
  expect(await count('from emails where recipient is not null')).toBe(0);
});

test('who takes a ticket over at that moment is needed to come in with it', async () => {
  await db.pool.raw(
    `update events set starts_at = now() + interval '1 day', ends_at = now() + interval '2 days';
     insert into transfers (id, ticket_id, to_email, to_key, idempotency_key, request_hash, expires_at)
     values (id('offer'), id('good'), 'grace@example.org', 'grace', id('offer/key'),
             repeat('0', 64), now() + interval '1 hour')`,
  );
  const needs = await inTurn(
    async (tx) => {
      await lockOrder(tx, await idOf('done'));
      await tx.raw(
        `update transfers set state = 'accepted', to_name = 'Grace', ended_at = clock_timestamp();
         update tickets set holder_email = 'grace@example.org', transferred_at = clock_timestamp()
          where id = id('good')`,
      );
    },
    async (tx) => await forget(tx, { ...ada, key: 'grace' }),
  );
  expect(needs).toEqual(['ticket']);
});

test('a mail of a wallet that waited for who forgets is sent to nobody', async () => {
  const walletId = await idOf('purse');
  const isOwed = await inTurn(erase, async (tx) => await oweTokenMail(tx, { walletId }));
  expect(isOwed).toBe(false);
  expect(await count(`from emails where recipient is not null`)).toBe(0);
});

test('an address that is found to take no mail at that moment is forgotten with the others', async () => {
  const emailId = await idOf('mail/sent');
  await inTurn(async (tx) => {
    await tx.raw('select 1 from emails where id = :emailId for update', { emailId });
    await suppress(tx, { recipient: 'ada@example.org', reason: 'bounced', emailId });
  }, erase);
  expect(await count('from email_suppressions')).toBe(0);
});

test('what is opened while due orders are looked for keeps their people', async () => {
  // The look takes as long as somebody holds this: its snapshot is from before.
  await db.pool.raw(
    `alter function order_needs_its_people rename to needs;
     create function order_needs_its_people(o orders) returns text language plpgsql stable as $$
       begin
         perform pg_advisory_xact_lock_shared(4711);
         return needs(o);
       end $$`,
  );
  const due = await inTurn(
    async (tx) => await tx.raw('select pg_advisory_xact_lock(4711)'),
    async (tx) => await lockDueRows(tx, { days: 1, limit: 100 }),
    async () =>
      await db.pool.raw(
        `update refunds set status = 'requested', ended_at = null where id = id('refund/failed')`,
      ),
  );
  expect(due?.rows.orderIds.length).toBeGreaterThan(0);
  expect(due?.rows.orderIds).not.toContain(await idOf('done'));
});
