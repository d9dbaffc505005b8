import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#testing/database';
import { announce, connectDatabase } from './db.ts';

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
