import { readFileSync } from 'node:fs';
import type { Database } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { auditBooks } from '#books/books-repository';
import { readHealthSnapshot } from '#books/snapshot-repository';
import { migrations } from '#migrations';
import { erasePeople } from './erasure-repository.ts';
import { readPersonalData } from './export-repository.ts';
import { findRowsOf, listNeeds, type RowsOfPeople } from './person-repository.ts';
import { dropOldContents, lockDueRows, markForgotten } from './retention-repository.ts';

const sample = readFileSync(new URL('../books/sample-books.sql', import.meta.url), 'utf8');

let database: TestDatabase;
let db: Database;
let organizationId: string;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
  await db.inTransaction(async (tx) => await tx.raw(sample));
  organizationId = await idOf('house');
});
afterAll(async () => await database[Symbol.asyncDispose]());

async function idOf(name: string): Promise<string> {
  return (await db.pool.raw('select id(:name) as id', { name })).rows[0].id;
}

async function one(query: string): Promise<Record<string, unknown>> {
  return (await db.pool.raw(query)).rows[0];
}

const ada = async () => await findRowsOf(db.pool, { organizationId, key: 'ada' });

/** Does this with the books as they are after these changes, all of which is undone. */
async function inChanged<T>(
  changes: readonly string[],
  look: (inside: Database) => Promise<T>,
): Promise<T> {
  const undone = new Error('undone');
  let seen: { readonly value: T } | undefined;
  const trying = db.inTransaction(async (tx) => {
    for (const change of changes) {
      await tx.raw(`set local session_replication_role = replica; ${change}`);
    }
    await tx.raw('set local session_replication_role = origin');
    const inside: Database = {
      pool: tx,
      inTransaction: async (work) => await work(tx),
      [Symbol.asyncDispose]: async () => undefined,
    };
    seen = { value: await look(inside) };
    throw undone;
  });
  await expect(trying).rejects.toThrow('undone');
  return seen === undefined ? expect.fail('nothing was looked at') : seen.value;
}

async function broken(inside: Database): Promise<string[]> {
  const names: string[] = [];
  for await (const { invariant, kind } of auditBooks(inside)) {
    if (kind !== 'held') {
      names.push(invariant.name);
    }
  }
  return names;
}

/** Nothing open any more: what was is ended, unpaid or settled. */
const settled = [
  `update events set starts_at = now() - interval '3 days', ends_at = now() - interval '2 days'`,
  `update checkout_attempts set state = 'expired', closed_at = now() where closed_at is null`,
  `update orders set status = 'fulfilled', fulfilled_at = now() where status = 'paid'`,
  `update orders set status = 'expired', ended_at = now() where status = 'pending'`,
  `update payments set refund_open_cents = 0`,
  `update incidents set resolved_at = now() where resolved_at is null`,
  `update refunds set status = 'failed', ended_at = now() where status = 'requested'`,
  `update emails set status = 'sent' where status = 'queued'`,
];

test('an address is found as it reaches people, by what was bought and what was passed on', async () => {
  const rows = await ada();
  expect(rows.orderIds).toHaveLength(4);
  expect(rows.walletIds).toEqual([await idOf('purse')]);
  expect((await findRowsOf(db.pool, { organizationId, key: 'nobody' })).orderIds).toEqual([]);
  const elsewhere = { organizationId: await idOf('another house'), key: 'ada' };
  expect((await findRowsOf(db.pool, elsewhere)).orderIds).toEqual([]);
});

test('what is kept is read as it is, with its amounts', async () => {
  const { orders, wallets, mails, tickets } = await readPersonalData(db.pool, await ada());
  expect(orders.map(({ number, email }) => [number, email])).toContainEqual([
    'LV-0003',
    'ada@example.org',
  ]);
  expect(orders.flatMap(({ refunds }) => refunds)).toHaveLength(4);
  expect(wallets).toMatchObject([{ email: 'ada@example.org', balance_cents: 1_300 }]);
  expect(tickets).toHaveLength(2);
  expect(mails).toHaveLength(2);
});

describe('somebody is still needed', () => {
  test('for all that is open', async () => {
    const needs = await listNeeds(db.pool, await ada());
    expect(needs).toEqual([
      { order: 'LV-0001', reason: 'order' },
      { order: 'LV-0002', reason: 'order' },
      { order: 'LV-0003', reason: 'mail' },
      { order: 'LV-0004', reason: 'payment' },
    ]);
  });

  test.for([
    ['ticket', `update events set ends_at = now() + interval '1 hour'`],
    ['payment', `update payments set refund_open_cents = 1 where order_id = id('done')`],
    [
      'refund',
      `update refunds set status = 'submitted', ended_at = null where id = id('refund/done')`,
    ],
    [
      'payment',
      `update checkout_attempts set state = 'completed', closed_at = null where id = id('page/done')`,
    ],
    [
      'dispute',
      `insert into disputes (id, payment_intent_id, payment_id, order_id, organization_id,
         amount_cents, currency, status, phase, reason, created_at)
       values ('dp_1', 'pi_done', id('money/done'), id('done'), id('house'), 1, 'eur',
               'needs_response', 'open', 'fraudulent', now())`,
    ],
    [
      'transfer',
      `insert into transfers (id, ticket_id, to_email, to_key, idempotency_key, request_hash, expires_at)
       values (id('offer'), id('good'), 'bob@example.org', 'bob@example.org', id('offer/key'),
               repeat('0', 64), now() + interval '1 day')`,
    ],
  ] as const)('%s', async ([reason, change]) => {
    const without = await inChanged(
      settled,
      async ({ pool }) => await listNeeds(pool, await ada()),
    );
    expect(without).toEqual([]);
    const needs = await inChanged([...settled, change], async ({ pool }) =>
      listNeeds(pool, await findRowsOf(pool, { organizationId, key: 'ada' })),
    );
    expect(needs).toContainEqual({ order: 'LV-0003', reason });
  });
});

test('the books are the same before and after, and every rule holds', async () => {
  const { before, after, faults, erased, again } = await inChanged([], async (inside) => {
    const rows = await findRowsOf(inside.pool, { organizationId, key: 'ada' });
    const snapshot = async () => await readHealthSnapshot(inside.pool, { organizationId });
    return {
      before: await snapshot(),
      erased: await inside.inTransaction(async (tx) => await erasePeople(tx, rows)),
      again: await inside.inTransaction(
        async (tx) => await erasePeople(tx, await findRowsOf(tx, { organizationId, key: 'ada' })),
      ),
      after: await snapshot(),
      faults: await broken(inside),
    };
  });
  expect(after).toEqual(before);
  expect(faults).toEqual([]);
  expect(erased).toMatchObject({ orders: 4, wallets: 1, mails: 2 });
  expect(again).toEqual({ orders: 0, tickets: 0, transfers: 0, wallets: 0, mails: 0 });
});

test('what another order of the same address counts stays counted for it', async () => {
  const limits = await inChanged([], async (inside) => {
    const all = await ada();
    const rows: RowsOfPeople = { ...all, orderIds: [await idOf('done')] };
    await inside.inTransaction(async (tx) => await erasePeople(tx, rows));
    expect(await broken(inside)).toEqual([]);
    const { rows: found } = await inside.pool.raw(
      `select buyer_key like 'erased/%' as nobodys, tickets from buyer_limits order by 1`,
    );
    return found;
  });
  expect(limits).toEqual([
    { nobodys: false, tickets: 2 },
    { nobodys: true, tickets: 1 },
  ]);
});

describe('what staff wrote about them', () => {
  const who = 'Ada Lovelace';
  /** Each a sentence in which she is named. */
  const written = [
    `update refunds set reason = '${who} is ill' where kind <> 'disposition'`,
    `insert into refunds (id, organization_id, payment_id, order_id, kind, amount_cents, currency, reason, status, ended_at)
     values (id('refund/odd'), id('house'), id('money/odd'), id('ended'), 'disposition', 700, 'eur',
             'disposition.${who} asked', 'failed', now())`,
    `update orders set subtotal_cents = 0, total_cents = 0, complimentary_reason = 'friend of ${who}'
      where id = id('ended')`,
    `update wallet_entries set reason = 'for ${who}'`,
    `update incidents set message = '${who} called', details = jsonb_build_object('orderId', id('done'), 'by', '${who}')`,
    `update outbox set payload = jsonb_build_object('refundId', id('refund/done')) where id = id('message/dead')`,
  ];
  const acts = (
    [
      ['incident', `id('told/1')`],
      ['incident', `id('told/3')`],
      ['refund', `id('refund/done')`],
      ['payment', `id('money/late')`],
      ['message', `id('message/dead')`],
      ['email', `id('mail/sent')`],
      ['order', `id('done')`],
      ['ticket', `id('good')`],
      ['wallet', `id('purse')`],
      ['order', `id('of somebody else')`],
    ] as const
  ).map(
    ([type, id]) =>
      `with act as (
         insert into audit_log (organization_id, actor_type, actor_id, action, object_type, object_id)
         values (id('house'), 'user', 'u', 'test', '${type}', ${id}) returning id)
       insert into audit_details select id, '{"note": "${who}"}' from act`,
  );
  const erased = async <T>(look: (inside: Database) => Promise<T>) =>
    await inChanged([...written, ...acts], async (inside) => {
      const rows = await findRowsOf(inside.pool, { organizationId, key: 'ada' });
      await inside.inTransaction(async (tx) => await erasePeople(tx, rows));
      return await look(inside);
    });

  test('is replaced by a word that names nobody; codes and amounts stay', async () => {
    const texts = await erased(async ({ pool }) => {
      const { rows } = await pool.raw(
        `select array(select distinct reason from refunds order by 1) as refunds,
                array(select distinct complimentary_reason from orders where complimentary_reason is not null) as gifts,
                array(select distinct reason from wallet_entries) as entries,
                array(select distinct message from incidents) as messages,
                array(select distinct array(select jsonb_object_keys(details)) from incidents) as details,
                (select sum(amount_cents)::int from wallet_entries) as cents`,
      );
      return rows[0];
    });
    expect(texts).toEqual({
      refunds: ['disposition.erased', 'disposition.sold_out', 'erased'],
      gifts: ['erased'],
      entries: ['erased'],
      messages: ['Whom this was about was forgotten.'],
      details: [['orderId']],
      cents: 1_300,
    });
  });

  test('goes from beside the audit log, whatever of theirs it was about, and nobody else’s does', async () => {
    const { details, sealed } = await erased(async ({ pool }) => {
      const { rows } = await pool.raw(
        `select array(select object_id from audit_details d join audit_log a on a.id = d.audit_id) as details,
                (select count(*)::int from audit_log where action = 'test') as sealed`,
      );
      return rows[0];
    });
    expect(details).toEqual([await idOf('of somebody else')]);
    expect(sealed).toBe(acts.length);
  });

  test.for([
    `update wallet_entries set amount_cents = 1 where id = id('entry/grant')`,
    `update wallet_entries set reason = 'somebody else' where id = id('entry/grant')`,
    `update wallet_entries set reason = 'erased', amount_cents = 1 where id = id('entry/grant')`,
    `delete from wallet_entries where id = id('entry/grant')`,
  ])('an entry of a wallet is changed in no other way: %s', async (change) => {
    await expect(db.pool.raw(change)).rejects.toThrow('is not allowed');
  });
});

describe('an erased order', () => {
  const bringBack = `update orders set buyer_email = 'ada@example.org' where id = id('done')`;
  const tryIt = async (first: readonly string[]) =>
    await inChanged([], async (inside) => {
      await inside.inTransaction(async (tx) => await erasePeople(tx, await ada()));
      for (const change of first) {
        await inside.pool.raw(change);
      }
      return await inside.pool.raw(`savepoint before; ${bringBack}`).then(
        () => 'brought back',
        async () => {
          await inside.pool.raw('rollback to before');
          return 'refused';
        },
      );
    });

  test('takes no name again, whoever writes it', async () => {
    expect(await tryIt([])).toBe('refused');
  });

  test('negative control: without the constraint it does', async () => {
    const dropped = 'alter table orders drop constraint erased_orders_name_nobody';
    expect(await tryIt([dropped])).toBe('brought back');
  });
});

describe('after its retention', () => {
  const run = async (inside: Database, days: number) =>
    await inside.inTransaction(async (tx) => {
      const due = await lockDueRows(tx, { days, limit: 100 });
      if (due !== undefined) {
        await erasePeople(tx, due.rows);
      }
      await markForgotten(tx, { days });
      return due?.rows.orderIds.length ?? 0;
    });
  const named = async ({ pool }: Database) =>
    (
      await pool.raw(
        `select array(select number from orders where buyer_email is not null order by number) as numbers,
                (select forgotten_at is not null from events) as "isForgotten"`,
      )
    ).rows[0];

  test('everybody of an event is forgotten, and the event not looked at again', async () => {
    await inChanged(settled, async (inside) => {
      expect(await run(inside, 3)).toBe(0);
      expect(await run(inside, 1)).toBe(4);
      expect(await named(inside)).toEqual({ numbers: [], isForgotten: true });
      expect(await run(inside, 1)).toBe(0);
    });
  });

  test('but for whom something is open with; the event waits for them', async () => {
    const open = `update payments set refund_open_cents = 1 where order_id = id('done')`;
    await inChanged([...settled, open], async (inside) => {
      expect(await run(inside, 1)).toBe(3);
      expect(await named(inside)).toEqual({ numbers: ['LV-0003'], isForgotten: false });
    });
  });

  test('two at once take different orders', async () => {
    await db.inTransaction(async (tx) => await tx.raw(settled.join(';')));
    await db.inTransaction(async (first) => {
      const mine = await lockDueRows(first, { days: 1, limit: 2 });
      const theirs = await db.inTransaction(
        async (second) => await lockDueRows(second, { days: 1, limit: 2 }),
      );
      const all = [...(mine?.rows.orderIds ?? []), ...(theirs?.rows.orderIds ?? [])];
      expect(new Set(all).size).toBe(4);
    });
  });
});

describe('contents of mails', () => {
  beforeEach(async () => {
    await db.pool.raw(
      `update emails set html = '<p>Ada</p>', body_text = 'Ada', subject = 'Ada', rendered_at = now()`,
    );
  });

  test('go after 35 days; whom they went to and when, stays', async () => {
    await db.pool.raw(
      `update emails set created_at = now() - interval '36 days', status = 'delivered'
        where id = id('mail/sent')`,
    );
    const drop = async () => await db.inTransaction(async (tx) => await dropOldContents(tx, 10));
    expect(await drop()).toBe(1);
    expect(await drop()).toBe(0);
    expect(
      await one(`select recipient, html, subject from emails where id = id('mail/sent')`),
    ).toEqual({ recipient: 'ada@example.org', html: '', subject: null });
    expect(await one(`select html from emails where id = id('mail/new')`)).toEqual({
      html: '<p>Ada</p>',
    });
  });

  test('stay while a mail is on its way', async () => {
    await db.pool.raw(
      `update emails set created_at = now() - interval '36 days', status = 'queued'`,
    );
    expect(await db.inTransaction(async (tx) => await dropOldContents(tx, 10))).toBe(0);
  });
});
