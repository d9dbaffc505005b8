import { readFileSync } from 'node:fs';
import type { Database, Transaction } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { auditBooks, loadInvariants, violationsMax } from './books-repository.ts';
import type { Invariant, Verdict } from './invariant.ts';
import { readHealthSnapshot } from './snapshot-repository.ts';

const sample = readFileSync(new URL('./sample-books.sql', import.meta.url), 'utf8');
const invariants = loadInvariants();

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.inTransaction(async (tx) => await tx.raw(sample));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

function named(name: string): Invariant {
  return invariants.find((invariant) => invariant.name === name) ?? expect.fail(`no rule ${name}`);
}

async function collect(audit: AsyncIterable<Verdict>): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for await (const verdict of audit) {
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Judges books as they are in this transaction. */
async function judge(tx: Transaction, options: Parameters<typeof auditBooks>[1] = {}) {
  const { db } = database;
  const inside: Database = {
    pool: tx,
    inTransaction: db.inTransaction,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return await collect(auditBooks(inside, options));
}

/** Does something to the books that is undone afterwards, guards taken out. */
async function inBrokenBooks<T>(damage: string, look: (tx: Transaction) => Promise<T>): Promise<T> {
  const undone = new Error('undone');
  let seen: { readonly value: T } | undefined;
  await database.db
    .inTransaction(async (tx) => {
      await tx.raw(`set local session_replication_role = replica; ${damage}`);
      seen = { value: await look(tx) };
      throw undone;
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error) || (error !== undone && error.cause !== undone)) {
        throw error;
      }
    });
  return seen === undefined ? expect.fail('nothing was looked at') : seen.value;
}

test('sound books break no rule, and every rule is asked', async () => {
  const verdicts = await collect(auditBooks(database.db));
  expect(verdicts.filter(({ kind }) => kind !== 'held')).toEqual([]);
  expect(verdicts.map(({ invariant }) => invariant.name)).toEqual(
    invariants.map(({ name }) => name),
  );
});

/** For each rule a damage that breaks it, with the guard that forbids it taken out, and whose id is named. */
const damages: Readonly<Record<string, readonly [id: string, ...damage: string[]][]>> = {
  'access-codes-count-their-orders': [
    ['access', `update access_codes set used = 2`],
    ['access', `update access_code_uses set state = 'given_back'`],
  ],
  'access-codes-stay-with-live-orders': [
    ['pending', `update access_code_uses set state = 'given_back'`],
    ['ended', `update access_code_uses set order_id = id('ended')`],
  ],
  'admissions-are-open-once': [
    [
      'good',
      `drop index check_ins_one_inside`,
      `insert into check_ins (id, event_id, device_id, gate, nonce, request_hash, ticket_id, direction, outcome)
       values (id('scan/2'), id('event'), id('device'), 'South', id('nonce/2'), repeat('0', 64), id('good'), 'in', 'admitted')`,
    ],
  ],
  'admitted-tickets-have-their-scan': [
    ['good', `delete from check_ins`],
    ['good', `update tickets set admitted_at = null where id = id('good')`],
    [
      'good',
      `update tickets set status = 'refunded', ended_at = now(), holds_seat = false where id = id('good')`,
    ],
  ],
  'buyers-count-their-orders': [
    ['event', `update buyer_limits set tickets = 4`],
    ['event', `delete from buyer_limits`],
    ['event', `update orders set counted_tickets = 0 where id = id('paid')`],
  ],
  'codes-within-their-limits': [
    [
      'promo',
      `alter table promo_codes drop constraint promo_codes_never_exceeded`,
      `update promo_codes set used = 11`,
    ],
    [
      'access',
      `alter table access_codes drop constraint access_codes_never_exceeded`,
      `update access_codes set used = 11`,
    ],
  ],
  'audit-log-is-unbroken': [
    ['1', `update audit_log set facts = '{"amount_cents": 1}' where chain_no = 1`],
    ['3', `delete from audit_log where chain_no = 2`],
  ],
  'dead-messages-are-told': [
    ['message/dead', `delete from incidents where object_type = 'message'`],
  ],
  'failed-refunds-are-told': [
    ['refund/failed', `delete from incidents where object_type = 'refund'`],
  ],
  'fulfilled-orders-have-their-mail': [['done', `delete from emails`]],
  'holds-end-in-time': [
    ['hold/loose', `update ticket_holds set expires_at = now() - interval '1 hour'`],
  ],
  'holds-follow-their-orders': [
    [
      'pending',
      `update ticket_holds set status = 'expired', ended_at = now() where id = id('hold/pending')`,
    ],
    ['paid', `update ticket_holds set expires_at = now() where id = id('hold/paid')`],
    [
      'done',
      `update ticket_holds set status = 'active', ended_at = null where id = id('hold/done')`,
    ],
    [
      'ended',
      `update ticket_holds set status = 'active', ended_at = null where id = id('hold/ended')`,
    ],
  ],
  'ledger-sums-to-zero': [
    [
      'posted/payment/done',
      `update ledger_entries set amount_cents = 4501 where amount_cents = 4500`,
    ],
    ['posted/payment/done', `delete from ledger_entries`],
  ],
  'mails-are-owed-once': [
    [
      'mail/new',
      `alter table emails drop constraint emails_dedupe_key_key`,
      `update emails set dedupe_key = 'confirmation/done'`,
    ],
  ],
  'messages-are-done': [
    [
      'message/late',
      `update outbox set created_at = now() - interval '1 hour' where dispatched_at is null`,
    ],
    [
      'message/paid',
      `update outbox set created_at = now() - interval '1 hour' where dispatched_at is not null`,
    ],
  ],
  'money-without-tickets-has-its-refund': [
    ['money/late', `delete from refunds where id = id('refund/late')`],
  ],
  'no-more-is-given-back-than-came': [
    ['money/done', `update payments set refund_open_cents = 2251 where id = id('money/done')`],
  ],
  'one-open-page-an-order': [
    [
      'pending',
      `drop index checkout_attempts_one_open`,
      `update checkout_attempts set order_id = id('pending'), state = 'completed', closed_at = null
        where id = id('page/ended')`,
    ],
  ],
  'order-lines-have-their-tickets': [
    ['line/done', `delete from tickets where id = id('dead')`],
    [
      'line/done',
      `update order_items set quantity = 1, unit_price_cents = 5000 where order_id = id('done')`,
    ],
    [
      'line/paid',
      `update tickets set order_item_id = id('line/' || id('paid')), order_id = id('paid') where id = id('dead')`,
    ],
  ],
  'orders-add-up': [
    [
      'pending',
      `update order_items set unit_price_cents = 2600, total_cents = 2600 where order_id = id('pending')`,
    ],
    ['pending', `delete from order_items where order_id = id('pending')`],
  ],
  'orders-cost-what-cards-can-pay': [
    [
      'pending',
      `alter table orders drop constraint orders_total_cents_check`,
      `update orders set total_cents = 100000000, subtotal_cents = 100000000 where id = id('pending')`,
    ],
  ],
  'orders-count-their-tickets': [
    ['done', `update orders set counted_tickets = 2 where id = id('done')`],
    ['ended', `update orders set counted_tickets = 1 where id = id('ended')`],
  ],
  'orders-have-their-money-at-stripe': [
    ['done', `update refunds set status = 'failed' where id = id('refund/done')`],
    [
      'done',
      `insert into disputes (id, payment_intent_id, payment_id, order_id, organization_id,
                             amount_cents, currency, status, phase, reason, withdrawn_cents, created_at)
       values ('du', 'pi_done', id('money/done'), id('done'), id('house'), 4500, 'eur', 'lost', 'lost',
               'fraudulent', 4500, now())`,
    ],
  ],
  'orders-owe-what-is-open': [
    [
      'ended',
      `update refunds set status = 'succeeded', ended_at = now() where id = id('refund/late')`,
    ],
    ['done', `update refunds set replaced_at = now() where id = id('refund/failed')`],
  ],
  'paid-orders-get-their-tickets': [
    ['paid', `update orders set paid_at = now() - interval '1 hour' where id = id('paid')`],
  ],
  'paid-orders-have-one-payment': [
    ['done', `update payments set disposition = 'review' where id = id('money/done')`],
    ['ended', `update payments set disposition = 'tickets' where id = id('money/late')`],
    [
      'paid',
      `drop index payments_one_for_tickets`,
      `update payments set disposition = 'tickets', order_id = id('paid') where id = id('money/late')`,
    ],
    ['paid', `delete from payments where provider = 'wallet'`],
    ['paid', `update orders set wallet_cents = 2500 where id = id('paid')`],
  ],
  'paid-orders-have-their-message': [
    ['paid', `update outbox set done_at = now() where id = id('message/paid')`],
  ],
  'paid-pages-have-their-payment': [
    ['page/done', `update payments set attempt_id = null where id = id('money/done')`],
  ],
  'payments-are-in-the-ledger': [
    ['money/done', `delete from ledger_transactions where kind = 'payment_received'`],
    ['money/done', `update payments set amount_cents = 4501 where id = id('money/done')`],
  ],
  'payments-are-recorded-once': [
    [
      'money/paid',
      `drop index payments_provider`,
      `update payments set provider_id = 'pi_paid' where id = id('money/odd')`,
    ],
  ],
  'payments-count-their-refunds': [
    ['money/done', `update payments set refunded_cents = 0 where id = id('money/done')`],
    ['money/late', `delete from refunds where id = id('refund/late')`],
  ],
  'payments-in-review-are-told': [
    ['money/odd', `delete from incidents where object_type = 'payment'`],
  ],
  'payments-match-their-orders': [
    ['money/done', `update payments set amount_cents = 4501 where id = id('money/done')`],
    ['money/done', `update payments set currency = 'chf' where id = id('money/done')`],
    ['money/purse', `update payments set amount_cents = 501 where provider = 'wallet'`],
  ],
  'pools-count-their-tiers': [['room', `update capacity_pools set reserved_quantity = 2`]],
  'pools-within-capacity': [
    [
      'room',
      `alter table capacity_pools drop constraint capacity_pools_never_oversold`,
      `update capacity_pools set capacity = 3`,
    ],
  ],
  'promo-codes-count-their-orders': [
    ['promo', `update promo_codes set used = 0`],
    ['promo', `update promo_codes set taken_late = 1`],
    ['promo', `update promo_buyers set used = 2`],
    ['promo', `delete from promo_redemptions`],
  ],
  'promo-codes-stay-with-live-orders': [
    ['done', `update promo_redemptions set state = 'given_back', ended_at = now()`],
    ['done', `update tickets set status = 'refunded', holds_seat = false, ended_at = now()`],
  ],
  'queued-mails-have-their-message': [
    ['mail/new', `update outbox set done_at = now() where id = id('message/mail')`],
  ],
  'refunded-tickets-have-their-refund': [
    ['dead', `delete from refund_items`],
    ['good', `update refund_items set ticket_id = id('good')`],
  ],
  'refunds-are-submitted': [
    ['refund/late', `update refunds set created_at = now() - interval '1 hour'`],
  ],
  'refunds-match-their-payments': [
    ['refund/late', `update refunds set currency = 'chf' where id = id('refund/late')`],
    ['refund/late', `update refunds set order_id = id('done') where id = id('refund/late')`],
  ],
  'requested-refunds-have-their-message': [
    ['refund/late', `update outbox set done_at = now() where id = id('message/late')`],
  ],
  'seats-are-sold-once': [
    [
      'good',
      `drop index tickets_seat`,
      `update tickets set seat_label = 'A1', status = 'valid', holds_seat = true, ended_at = null`,
    ],
  ],
  'serials-were-handed-out': [['event', `update event_counters set next_serial = 2`]],
  'stripe-events-are-processed': [
    ['evt_new', `update stripe_events set received_at = now() - interval '1 hour'`],
  ],
  'stripe-refunds-are-ours': [
    ['re_done', `update stripe_refunds set amount_cents = 2251`],
    ['re_done', `update stripe_refunds set status = 'failed'`],
    ['re_done', `update refunds set stripe_refund_id = null`],
  ],
  'suspended-tickets-have-their-dispute': [
    ['good', `update tickets set status = 'suspended' where id = id('good')`],
  ],
  'tickets-are-refunded-once': [
    [
      'dead',
      `drop index refund_items_one_active`,
      `insert into refund_items (refund_id, ticket_id, amount_cents) values (id('refund/failed'), id('dead'), 1)`,
    ],
  ],
  'tickets-belong-to-their-lines': [
    ['good', `update tickets set tier_id = id('box') where id = id('good')`],
    ['good', `update tickets set order_item_id = id('nothing') where id = id('good')`],
  ],
  'tiers-count-active-holds': [
    ['floor', `update ticket_tiers set reserved_quantity = 2 where id = id('floor')`],
    [
      'floor',
      `update ticket_holds set status = 'released', ended_at = now() where id = id('hold/loose')`,
    ],
  ],
  'tiers-count-seated-tickets': [
    ['floor', `update ticket_tiers set issued_quantity = 2 where id = id('floor')`],
    ['floor', `update tickets set status = 'valid', holds_seat = true, ended_at = null`],
  ],
  'tiers-within-capacity': [
    [
      'floor',
      `alter table ticket_tiers drop constraint ticket_tiers_never_oversold`,
      `update ticket_tiers set capacity = 3 where id = id('floor')`,
    ],
  ],
  'triggers-are-there': [
    ['hold_items.hold_items_inserted', `drop trigger hold_items_inserted on hold_items`],
    ['tickets.tickets_updated', `alter table tickets disable trigger tickets_updated`],
    ['orders.orders_add_up', `alter table orders enable replica trigger orders_add_up`],
  ],
  'wallet-refunds-are-credited': [
    ['refund/purse', `delete from wallet_entries where id = id('entry/back')`],
    ['refund/purse', `update wallet_entries set amount_cents = 99 where id = id('entry/back')`],
  ],
  'wallets-are-in-the-ledger': [
    ['house', `update wallets set balance_cents = 1301`],
    ['house', `update wallets set escrow_cents = 299`],
    ['house', `update ledger_entries set account = 'goodwill' where account = 'wallet_credit'`],
  ],
  'wallets-count-their-entries': [
    ['purse', `update wallets set balance_cents = 1301`],
    ['purse', `delete from wallet_entries where id = id('entry/grant')`],
  ],
  'wallets-set-aside-for-open-orders': [
    ['purse', `update wallets set escrow_cents = 299`],
    ['purse', `update orders set status = 'expired', ended_at = now() where id = id('pending')`],
  ],
};

describe('each rule finds what breaks it', () => {
  test('every rule has a damage', () => {
    expect(Object.keys(damages).toSorted()).toEqual(invariants.map(({ name }) => name));
  });

  const cases = Object.entries(damages).flatMap(([name, all]) =>
    all.map(([id, ...damage]) => ({ name, id, damage: damage.join('; ') })),
  );
  test.for(cases)('$name: $damage', async ({ name, id, damage }) => {
    const [verdict, ids] = await inBrokenBooks(damage, async (tx) => {
      const [found] = await judge(tx, { invariants: [named(name)] });
      const line = id.startsWith('line/') ? `id('line/' || id('${id.slice(5)}'))` : `id('${id}')`;
      const { of: posted } = /^posted\/payment\/(?<of>.+)$/.exec(id)?.groups ?? {};
      const idOf = posted === undefined ? line : `id('posted/payment/' || id('money/${posted}'))`;
      const { rows } = await tx.raw(`select ${idOf}::text as id`);
      return [found, [rows[0].id, id]] as const;
    });
    expect(verdict).toMatchObject({ kind: 'broken', invariant: { name } });
    expect(verdict?.violations.some((violation) => ids.includes(String(violation.id)))).toBe(true);
  });

  test('triggers that are looked for are all that the migrations make', async () => {
    const { rows } = await database.db.pool.raw(
      `select tgrelid::regclass || ', ' || tgname as name from pg_trigger
        where not tgisinternal and tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`,
    );
    const { sql } = named('triggers-are-there');
    const made = rows.map(({ name }: { name: string }) => `'${name.replace(', ', "', '")}'`);
    expect(made.filter((name: string) => !sql.includes(name))).toEqual([]);
    expect(sql.match(/'\d{14}_\w+\.sql'/g)).toHaveLength(made.length);
  });

  test('a rule that is split finds the same in slices of one row', async () => {
    const damage = `update orders set counted_tickets = counted_tickets + 1`;
    const verdicts = await inBrokenBooks(damage, async (tx) => {
      const only = [named('orders-count-their-tickets')];
      return [
        ...(await judge(tx, { invariants: only, sliceRows: 1 })),
        ...(await judge(tx, { invariants: only })),
      ];
    });
    const idsOf = ({ violations }: Verdict) => violations.map(({ id }) => String(id)).toSorted();
    const [sliced, whole] = verdicts.map(idsOf);
    expect(sliced).toHaveLength(4);
    expect(sliced).toEqual(whole);
  });
});

test('of many violations the first are named and all are counted', async () => {
  const damage = `insert into outbox (id, queue, name, payload, created_at)
    select id('old/' || n), 'ticketing', 'order.settle', '{}', now() - interval '1 hour'
      from generate_series(1, 100) n`;
  const [verdict] = await inBrokenBooks(
    damage,
    async (tx) => await judge(tx, { invariants: [named('messages-are-done')] }),
  );
  expect(verdict?.violations).toHaveLength(violationsMax);
  expect(verdict?.found).toBe(100);
});

test('a rule that cannot be asked is unknown, and the next is asked all the same', async () => {
  const nonsense: Invariant = {
    ...named('messages-are-done'),
    name: 'no',
    sql: 'select id from no',
  };
  const verdicts = await collect(
    auditBooks(database.db, { invariants: [nonsense, named('tiers-within-capacity')] }),
  );
  expect(verdicts).toMatchObject([
    { kind: 'unknown', reason: expect.stringContaining('"no"') },
    { kind: 'held' },
  ]);
});

test('an audit rests between its statements, and ends when it is told to', async () => {
  const stopping = new AbortController();
  const rests: number[] = [];
  const rest = async (tookMs: number) => {
    rests.push(tookMs);
    if (rests.length === 3) {
      stopping.abort();
    }
  };
  const options = { rest, signal: stopping.signal };
  const verdicts = await collect(auditBooks(database.db, options));
  expect(rests).toHaveLength(3);
  expect(verdicts.length).toBeLessThanOrEqual(3);
});

describe('the health snapshot', () => {
  const sound = {
    ordersPaid: 2,
    ticketsIssued: 2,
    reservedHolds: 3,
    reservedSeats: 3,
    duplicates: 0,
    failedPayments: 0,
  };
  const euros = {
    currency: 'eur',
    revenueCents: 7_000,
    refundedCents: 2_350,
    refundOpenCents: 2_500,
    owedCents: 100,
    feesCents: 150,
  };

  test('counts and sums; money under review is unexplained', async () => {
    expect(await readHealthSnapshot(database.db.pool)).toEqual({
      ...sound,
      money: [{ ...euros, unexplainedCents: 700 }],
    });
  });

  test('of an organization that has nothing it is empty', async () => {
    const organizationId = '00000000-0000-7000-8000-000000000000';
    expect(await readHealthSnapshot(database.db.pool, { organizationId })).toMatchObject({
      ordersPaid: 0,
      ticketsIssued: 0,
      money: [],
    });
  });

  test.for([
    ['a paid order without a payment', `delete from payments where id = id('money/paid')`, 2_000],
    [
      'a payment of another amount',
      `update payments set amount_cents = 2001 where id = id('money/paid')`,
      1,
    ],
    ['a payment that nobody gives back', `update payments set refund_open_cents = 0`, 2_500],
    [
      'more given back than came',
      `update payments set refunded_cents = 4600 where id = id('money/done')`,
      100,
    ],
  ] as const)('unexplained: %s', async ([, damage, cents]) => {
    const snapshot = await inBrokenBooks(damage, readHealthSnapshot);
    expect(snapshot.money[0]?.unexplainedCents).toBe(700 + cents);
  });

  test('doubled: a second ticket of a seat, a second payment for one order', async () => {
    const damage = `
      alter table tickets drop constraint tickets_order_item_id_seq_key;
      update tickets set seq = 1;
      drop index payments_one_for_tickets;
      update payments set disposition = 'tickets', order_id = id('paid') where id = id('money/late')`;
    const snapshot = await inBrokenBooks(damage, readHealthSnapshot);
    expect(snapshot.duplicates).toBe(2);
  });
});
