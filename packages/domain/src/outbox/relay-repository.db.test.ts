import { randomUUID } from 'node:crypto';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { recordAttempt } from './attempt-repository.ts';
import { markMessageDead } from './dead-repository.ts';
import { enqueue, markMessageDone, markMessagesDispatched } from './outbox-repository.ts';
import {
  claimUndispatched,
  deleteOldMessages,
  listDispatchedOpen,
  listStillOpen,
  readOutboxLag,
} from './relay-repository.ts';

const firstId = '00000000-0000-0000-0000-000000000000';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.pool.raw('truncate outbox, incidents');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** Messages as if written a minute ago, in the order of their ids. */
async function makeMessages(count: number): Promise<string[]> {
  const ids = await database.db.inTransaction(async (tx) => {
    const made: string[] = [];
    for (let n = 0; n < count; n += 1) {
      made.push(await enqueue(tx, 'tickets.ensure', { orderId: randomUUID() }));
    }
    return made;
  });
  await database.db.pool.raw(`update outbox set created_at = created_at - interval '1 minute'`);
  return ids.toSorted();
}

async function makeMessage(): Promise<string> {
  const [id] = await makeMessages(1);
  return id ?? '';
}

async function claim(limit: number, olderThanMs = 2_000): Promise<string[]> {
  const claimed = await database.db.inTransaction(
    async (tx) => await claimUndispatched(tx, { limit, olderThanMs }),
  );
  return claimed.map((message) => message.id);
}

async function die(messageId: string): Promise<boolean> {
  return await database.db.inTransaction(
    async (tx) =>
      await markMessageDead(tx, { messageId, jobName: 'tickets.ensure', error: 'boom' }),
  );
}

describe('claiming undispatched messages', () => {
  test('takes the oldest first, at most the limit, and each once while its lease runs', async () => {
    const ids = await makeMessages(5);
    const first = await claim(3);
    const second = await claim(3);
    expect(first).toHaveLength(3);
    expect([...first, ...second].toSorted()).toEqual(ids);
    expect(await claim(3)).toEqual([]);
  });

  test('relays at the same moment never take the same message', async () => {
    const ids = await makeMessages(60);
    const claims = await Promise.all(Array.from({ length: 8 }, async () => await claim(10)));
    const taken = claims.flat();
    expect(new Set(taken).size).toBe(taken.length);
    taken.push(...(await claim(60)));
    expect(taken.toSorted()).toEqual(ids);
  });

  test('a lease that ran out is anybody’s', async () => {
    const id = await makeMessage();
    await claim(1);
    await database.db.pool.raw(`update outbox set leased_until = now() - interval '1 second'`);
    expect(await claim(1)).toEqual([id]);
  });

  test('leaves fresh messages to the process that wrote them', async () => {
    await makeMessage();
    expect(await claim(1, 3_600_000)).toEqual([]);
  });

  test('passes over what is dispatched, done or dead', async () => {
    const [dispatched = '', done = '', dead = ''] = await makeMessages(3);
    await markMessagesDispatched(database.db.pool, [dispatched]);
    await database.db.inTransaction(async (tx) => await markMessageDone(tx, done));
    await die(dead);
    expect(await claim(10)).toEqual([]);
  });
});

describe('walking through open messages', () => {
  test('gives each once, a page at a time', async () => {
    const ids = await makeMessages(7);
    await markMessagesDispatched(database.db.pool, ids);
    const seen: string[] = [];
    for (let afterId = firstId; ; ) {
      const page = await listDispatchedOpen(database.db.pool, {
        limit: 3,
        olderThanMs: 0,
        afterId,
      });
      seen.push(...page.map((message) => message.id));
      const last = page.at(-1);
      if (last === undefined) {
        break;
      }
      afterId = last.id;
    }
    expect(seen).toEqual(ids);
  });

  test('passes over what was dispatched just now', async () => {
    await markMessagesDispatched(database.db.pool, await makeMessages(2));
    const page = { limit: 10, olderThanMs: 10_000, afterId: firstId };
    expect(await listDispatchedOpen(database.db.pool, page)).toEqual([]);
  });

  test('tells what is open still', async () => {
    const [open = '', done = '', dead = ''] = await makeMessages(3);
    await database.db.inTransaction(async (tx) => await markMessageDone(tx, done));
    await die(dead);
    expect(await listStillOpen(database.db.pool, [open, done, dead])).toEqual(new Set([open]));
  });
});

test('the lag counts what is open, and how long', async () => {
  const [, dispatched = '', done = '', dead = ''] = await makeMessages(4);
  await markMessagesDispatched(database.db.pool, [dispatched]);
  await database.db.inTransaction(async (tx) => await markMessageDone(tx, done));
  await die(dead);
  const lag = await readOutboxLag(database.db.pool);
  expect(lag).toMatchObject({ undispatched: 1, dispatched: 1, dead: 1 });
  expect(lag.oldestOpenMs).toBeGreaterThanOrEqual(60_000);
});

test('done messages are deleted after 35 days, in batches; dead and open ones stay', async () => {
  const dayMs = 86_400_000;
  const make = async (ageDays: number, column: 'done_at' | 'dead_at' | 'dispatched_at') => {
    const madeAt = Date.now() - ageDays * dayMs;
    const id = `${madeAt.toString(16).padStart(12, '0')}7${randomUUID().replaceAll('-', '').slice(13)}`;
    await database.db.pool.raw(
      `insert into outbox (id, queue, name, payload, :column:)
       values (:id::uuid, 'ticketing', 'tickets.ensure', '{}', :at)`,
      { column, id, at: new Date(madeAt) },
    );
    if (column !== 'dispatched_at') {
      const attempt = { messageId: id, attempt: 1, outcome: 'failed', error: 'boom' } as const;
      await recordAttempt(database.db.pool, attempt);
    }
  };
  for (const age of [36, 37, 38]) {
    await make(age, 'done_at');
  }
  await make(34, 'done_at');
  await make(40, 'dead_at');
  await make(40, 'dispatched_at');
  const deleteTwo = async () =>
    await database.db.inTransaction(async (tx) => await deleteOldMessages(tx, 2));
  expect([await deleteTwo(), await deleteTwo(), await deleteTwo()]).toEqual([2, 1, 0]);
  const { rows } = await database.db.pool.raw('select 1 from outbox');
  expect(rows).toHaveLength(3);
  const { rows: tries } = await database.db.pool.raw(
    'select m.id from message_attempts a left join outbox m on m.id = a.message_id',
  );
  expect(tries).toEqual([{ id: expect.any(String) }, { id: expect.any(String) }]);
});
