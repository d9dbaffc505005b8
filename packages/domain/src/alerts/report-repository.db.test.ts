import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { countUnheardEvents } from './report-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.pool.raw('truncate stripe_events');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function arrive(id: string, source: 'poll' | 'webhook', secondsAgo: number): Promise<void> {
  await database.db.pool.raw(
    `insert into stripe_events (id, type, livemode, source, payload, created_at, received_at)
     values (:id, 'charge.updated', false, :source, '{}',
             now() - make_interval(secs => :secondsAgo), now())`,
    { id, source, secondsAgo },
  );
}

test('what the list alone tells is unheard, once a webhook had time to bring it', async () => {
  await arrive('evt_late', 'poll', 60);
  await arrive('evt_on_its_way', 'poll', 5);
  expect(await countUnheardEvents(database.db.pool)).toBe(1);
  await arrive('evt_heard', 'webhook', 1);
  expect(await countUnheardEvents(database.db.pool)).toBe(0);
});

test('the days before us, which the first reading of the list brings, are not unheard', async () => {
  for (const days of [1, 2, 3]) {
    await arrive(`evt_${days}`, 'poll', days * 86_400);
  }
  expect(await countUnheardEvents(database.db.pool)).toBe(0);
});
