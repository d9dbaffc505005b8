import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { registry } from '#telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '#testing/database';
import { openFlakyLink } from '#testing/flaky-link';
import { waitFor } from '#testing/wait';
import { announce, connectDatabase, observeAfter } from './db.ts';
import { isDatabaseFault } from './faults.ts';

/** No migrations: this is about the connection alone. */
const none = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'liventix-none-'))}/`);

let database: TestDatabase;
const announced: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase({
    url: inject('databaseUrl'),
    migrations: none,
    onCommitted: (facts) => announced.push(...facts),
  });
  await database.db.pool.raw('create table pairs (id int primary key, n int not null)');
  await database.db.pool.raw('insert into pairs values (1, 0), (2, 0)');
});

afterAll(async () => await database[Symbol.asyncDispose]());

test('what is announced is told after the commit, and never after a rollback', async () => {
  const { db } = database;
  await db.inTransaction(async (tx) => {
    announce(tx, 'kept');
    expect(announced).not.toContain('kept');
  });
  expect(announced).toContain('kept');
  const failing = db.inTransaction(async (tx) => {
    announce(tx, 'lost');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(announced).not.toContain('lost');
});

test('two transactions that deadlock both succeed, since the loser is repeated', async () => {
  const { db } = database;
  let waiting = 0;
  let meet: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const bump = async (first: number, second: number) =>
    await db.inTransaction(async (tx) => {
      await tx.raw('update pairs set n = n + 1 where id = ?', [first]);
      waiting += 1;
      if (waiting === 2) {
        meet();
      }
      await both;
      await tx.raw('update pairs set n = n + 1 where id = ?', [second]);
    });
  await Promise.all([bump(1, 2), bump(2, 1)]);
  const { rows } = await db.pool.raw('select n from pairs order by id');
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
});

test('a lock that is not given is an answer after three seconds, not a wait', async () => {
  const { db } = database;
  await db.inTransaction(async (holder) => {
    await holder.raw('set local idle_in_transaction_session_timeout = 0');
    await holder.raw('update pairs set n = n where id = 1');
    const second = db.inTransaction(async (tx) => {
      await tx.raw('update pairs set n = n where id = 1');
    });
    await expect(second).rejects.toMatchObject({
      code: 'database.unavailable',
      dependency: true,
    });
  });
});

test('every transaction runs at READ COMMITTED', async () => {
  const { rows } = await database.db.inTransaction(
    async (tx) => await tx.raw('show transaction_isolation'),
  );
  expect(rows).toEqual([{ transaction_isolation: 'read committed' }]);
});

test('a database that is not there is an error at once', async () => {
  await using away = connectDatabase({ url: 'postgres://postgres@127.0.0.1:1/none', poolMax: 1 });
  await expect(away.inTransaction(async () => undefined)).rejects.toMatchObject({
    code: 'database.unavailable',
    retry: 'transient',
  });
});

async function refusedRows(constraint: string): Promise<number | undefined> {
  const text = await registry.metrics();
  const line = `constraint_refusals_total{constraint="${constraint}"} `;
  const found = text.split('\n').find((one) => one.startsWith(line));
  return found === undefined ? undefined : Number(found.slice(line.length));
}

test('a database that freezes is away: to who is connected, who connects, and who waits their turn', async () => {
  await using link = await openFlakyLink(database.url);
  await using db = connectDatabase({ url: link.url, poolMax: 2, statementTimeoutMs: 500 });
  const ask = async () => {
    const thrown: unknown = await db.pool.raw('select 1').catch((error: unknown) => error);
    return thrown instanceof Error ? isDatabaseFault(thrown) || thrown.message : 'answered';
  };
  const answers = async () =>
    await waitFor(async () => (await ask()) === 'answered', { what: 'the database to answer' });
  await answers();
  link.freeze();
  expect(await Promise.all(Array.from({ length: 5 }, ask))).toEqual(Array(5).fill(true));
  // Nobody is connected any more: each of these connects first.
  expect(await Promise.all([ask(), ask()])).toEqual([true, true]);
  link.mend();
  await answers();
}, 120_000);

test('a row that a guard refuses is counted, from zero, and no other refusal is', async () => {
  const { db } = database;
  await db.pool.raw('alter table pairs add constraint pairs_never_below check (n > -10)');
  expect(await refusedRows('pairs_never_below')).toBeUndefined();
  await using guarded = connectDatabase({
    url: database.url,
    poolMax: 1,
    guards: ['pairs_never_below'],
  });
  expect(await refusedRows('pairs_never_below')).toBe(0);
  const run = async (sql: string) =>
    await guarded.inTransaction(async (tx) => void (await tx.raw(sql)));
  await expect(run('update pairs set n = -10 where id = 1')).rejects.toMatchObject({
    code: '23514',
  });
  expect(await refusedRows('pairs_never_below')).toBe(1);
  await expect(run('insert into pairs values (1, 0)')).rejects.toMatchObject({ code: '23505' });
  await run('update pairs set n = -9 where id = 1');
  expect(await refusedRows('pairs_never_below')).toBe(1);
});

test('what is observed of a transaction is counted after its commit, and never after a rollback', async () => {
  const { db } = database;
  const counted: string[] = [];
  const failing = db.inTransaction(async (tx) => {
    observeAfter(tx, () => counted.push('lost'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await db.inTransaction(async (tx) => {
    observeAfter(tx, () => counted.push('kept'));
    expect(counted).toEqual([]);
  });
  expect(counted).toEqual(['kept']);
});

test('an error of a statement repeats none of its values', async () => {
  const failing = async () =>
    await database.db.pool.raw('select 1 / (length(:name) - 7)', { name: 'Zaphira' });
  const { message } = await failing().catch((error: Error) => error);
  expect(message).toContain('division by zero');
  expect(message).not.toContain('Zaphira');
});
