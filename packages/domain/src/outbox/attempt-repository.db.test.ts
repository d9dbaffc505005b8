import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { type Attempt, recordAttempt } from './attempt-repository.ts';
import { enqueue } from './outbox-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
afterAll(async () => await database[Symbol.asyncDispose]());

async function ask(): Promise<string> {
  return await database.db.inTransaction(
    async (tx) => await enqueue(tx, 'tickets.ensure', { orderId: randomUUID() }),
  );
}

async function note(messageId: string, attempt: Omit<Attempt, 'messageId'>): Promise<void> {
  await recordAttempt(database.db.pool, { messageId, ...attempt });
}

async function notes(messageId: string) {
  const { rows } = await database.db.pool.raw(
    `select attempt, outcome, error, times from message_attempts
      where message_id = :messageId order by at, id`,
    { messageId },
  );
  return rows;
}

test('each failure stands for itself, with what went wrong', async () => {
  const id = await ask();
  await note(id, { attempt: 1, outcome: 'failed', error: 'boom' });
  await note(id, { attempt: 2, outcome: 'failed', error: 'boom' });
  await note(id, { attempt: null, outcome: 'lost', error: 'gone' });
  expect(await notes(id)).toEqual([
    { attempt: 1, outcome: 'failed', error: 'boom', times: 1 },
    { attempt: 2, outcome: 'failed', error: 'boom', times: 1 },
    { attempt: null, outcome: 'lost', error: 'gone', times: 1 },
  ]);
});

test('waiting for a reason is counted until it fails otherwise, then written anew', async () => {
  const id = await ask();
  for (const attempt of [1, 2, 3]) {
    await note(id, { attempt, outcome: 'waiting', error: 'stripe.unavailable' });
  }
  await note(id, { attempt: 4, outcome: 'waiting', error: 'database away' });
  await note(id, { attempt: 5, outcome: 'waiting', error: 'stripe.unavailable' });
  await note(id, { attempt: 6, outcome: 'failed', error: 'boom' });
  await note(id, { attempt: 7, outcome: 'waiting', error: 'stripe.unavailable' });
  expect(await notes(id)).toEqual([
    { attempt: 5, outcome: 'waiting', error: 'stripe.unavailable', times: 4 },
    { attempt: 4, outcome: 'waiting', error: 'database away', times: 1 },
    { attempt: 6, outcome: 'failed', error: 'boom', times: 1 },
    { attempt: 7, outcome: 'waiting', error: 'stripe.unavailable', times: 1 },
  ]);
});

test('addresses, null bytes and lengths of errors do not get in', async () => {
  const id = await ask();
  const error = `\0<ada@example.org> ${'x'.repeat(600)}`;
  await note(id, { attempt: 1, outcome: 'failed', error });
  const [kept] = await notes(id);
  expect(kept.error).toHaveLength(500);
  expect(kept.error).toMatch(/^<…> x+$/);
});

test('nothing is written of a message that is not there', async () => {
  const id = randomUUID();
  await note(id, { attempt: 1, outcome: 'failed', error: 'boom' });
  expect(await notes(id)).toEqual([]);
});
