import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { searchOrders } from './search-repository.ts';

const sample = readFileSync(new URL('../books/sample-books.sql', import.meta.url), 'utf8');
const hostile = `"><img src=x onerror="alert(1)">`;

let database: TestDatabase;
let organizationId: string;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.inTransaction(async (tx) => {
    await tx.raw(sample);
    await tx.raw(`update orders set buyer_name = :hostile where id = id('ended')`, { hostile });
    await tx.raw(
      `update orders set buyer_name = 'Ada Lovelace-Byron', number = 'LV-0001' where id = id('pending');
       update orders set buyer_name = 'José Ñandú WEIẞ Łukasz Sørensen Yıldız Æsop Παπαδόπουλος' where id = id('paid');
       update orders set corrected_key = 'ada@new.example' where id = id('done');
       update tickets set holder_name = 'Grace E\u0301lodie 김철수 か\u3099く Hopper' where order_id = id('done');
       update orders set buyer_name = 'Gast-12 علی\u200cرضا ~Tilde' where id = id('done');
       update payments set charge_id = 'ch_done' where provider_id = 'pi_done';
       update checkout_attempts set session_id = 'cs_done' where id = id('page/done');
       insert into disputes (id, payment_intent_id, payment_id, order_id, organization_id, amount_cents,
                             currency, reason, status, phase, created_at)
       values ('dp_done', 'pi_done', id('money/done'), id('done'), id('house'), 100, 'eur',
               'fraudulent', 'lost', 'lost', now());
       insert into stripe_events (id, type, livemode, payload, created_at, source)
       values ('evt_paid', 'checkout.session.completed', false,
               jsonb_build_object('data', jsonb_build_object('object',
                 jsonb_build_object('client_reference_id', id('paid')))), now(), 'webhook'),
              ('evt_done', 'charge.refunded', false,
               '{"data": {"object": {"payment_intent": "pi_done"}}}', now(), 'webhook')`,
    );
  });
  const { rows } = await database.db.pool.raw(`select id('house') as id`);
  organizationId = rows[0].id;
});
afterAll(async () => await database[Symbol.asyncDispose]());

async function find(query: string, of = organizationId): Promise<string[]> {
  const { orders } = await searchOrders(database.db.pool, { organizationId: of, query });
  return orders.map(({ number }) => number).toSorted();
}

test.for([
  ['a number, in whatever case', 'lv-0003', ['LV-0003']],
  ['the address it was corrected to', 'ada@new.example', ['LV-0003']],
  ['the address they are counted by', 'ada', ['LV-0001', 'LV-0002', 'LV-0003', 'LV-0004']],
  ['a first name', 'josé', ['LV-0002']],
  ['a name with a hyphen and a number', 'gast-12', ['LV-0003']],
  ['a name with a sign of no width', 'علی\u200cرضا', ['LV-0003']],
  ['the same without it', 'علیرضا', ['LV-0003']],
  ['a surname alone', 'lovelace', ['LV-0001']],
  ['half of a double name', 'byron', ['LV-0001']],
  ['names as they begin, in any order', 'love ada', ['LV-0001']],
  ['two letters that only begin a name', 'lo', []],
  ['a name with signs of its own', 'José', ['LV-0002']],
  ['the same in another form of Unicode', 'Jose\u0301', ['LV-0002']],
  ['the same in letters of full width', 'ＪＯＳÉ', ['LV-0002']],
  ['the same without them', 'jose nandu', ['LV-0002']],
  ['a name that is kept in another form', 'élodie', ['LV-0003']],
  ['letters that come apart', '김철수'.normalize('NFD'), ['LV-0003']],
  ['others that do', 'がく', ['LV-0003']],
  ['a letter alone, whatever its form', 'e\u0301', []],
  ['words of a letter each, as some names are', 'か 김', []],
  ['a name with a sign that addresses have', 'lovelace_byron ada', ['LV-0001']],
  ['a word again and again', 'lovelace '.repeat(28), ['LV-0001']],
  ['a word again and again, and one that nobody has', `${'lovelace '.repeat(28)}byrom`, []],
  ['a sharp s as two', 'weiss', ['LV-0002']],
  ['a sharp s', 'weiß', ['LV-0002']],
  ['a stroke that is left out', 'lukasz sorensen', ['LV-0002']],
  ['an i with or without its dot', 'YILDIZ', ['LV-0002']],
  ['letters that are written as one', 'aesop', ['LV-0002']],
  ['a Greek name in capitals', 'ΠΑΠΑΔΟΠΟΥΛΟΣ', ['LV-0002']],
  ['a name that begins with a tilde', 'tilde', ['LV-0003']],
  ['who holds a ticket', 'grace hop', ['LV-0003']],
  ['a name that attacks', hostile, ['LV-0004']],
  ['a payment', 'pi_done', ['LV-0003']],
  ['a charge', 'ch_done', ['LV-0003']],
  ['a session', 'cs_done', ['LV-0003']],
  ['a refund', 're_done', ['LV-0003']],
  ['a dispute', 'dp_done', ['LV-0003']],
  ['an event about an order', 'evt_paid', ['LV-0002']],
  ['an event about a payment', 'evt_done', ['LV-0003']],
  ['the serial of a ticket', '1', ['LV-0003']],
  ['a name that nobody has', 'ada byrom', []],
  ['one letter', 'l', []],
  ['signs alone', '%_:*&|!()', []],
] as const)('finds orders by %s', async ([, query, numbers]) => {
  expect(await find(query)).toEqual(numbers);
});

test('a name that was kept before its letters were plain ones is found once the indexes are built anew', async () => {
  const { db } = database;
  const undo = new Error('as it was');
  const migrated = db.inTransaction(async (tx) => {
    await tx.raw('set local enable_seqscan = off');
    await tx.raw(`create or replace function plain_of(name text) returns text
                  language sql immutable strict parallel safe return name`);
    await tx.raw(`update orders set buyer_name = 'Weißenfels' where id = id('pending');
                  update tickets set holder_name = 'Łukaszenko' where order_id = id('done')`);
    for (const name of ['6600_names', '6601_holders']) {
      const file = `2026112400${name}_in_plain_letters.sql`;
      await tx.raw(readFileSync(new URL(file, migrations), 'utf8'));
    }
    const numbers = async (query: string) =>
      (await searchOrders(tx, { organizationId, query })).orders.map(({ number }) => number);
    expect(await numbers('weissenfels')).toEqual(['LV-0001']);
    expect(await numbers('lukaszenko')).toEqual(['LV-0003']);
    throw undo;
  });
  await expect(migrated).rejects.toBe(undo);
});

test('another organization finds none of them', async () => {
  const { rows } = await database.db.pool.raw(`select id('another house') as id`);
  for (const query of ['LV-0003', 'ada', 'pi_done', 'evt_done', 'grace', '1']) {
    expect(await find(query, rows[0].id), query).toEqual([]);
  }
});

test('words of any kind make a query that Postgres takes', async () => {
  const odd = [`a''b\\'`, ':*', '', '&|!()', "'", '\\', hostile, 'x'.repeat(200)];
  const { rows } = await database.db.pool.raw(
    `select all_of(id('house'), :odd::text[]) is not null as "isQuery",
            words_of(id('house'), array_to_string(:odd::text[], ' '))
              @@ all_of(id('house'), :odd::text[]) as "isFound",
            all_of(id('house'), '{}') as nothing`,
    { odd },
  );
  expect(rows).toEqual([{ isQuery: true, isFound: true, nothing: null }]);
});
