import { randomUUID } from 'node:crypto';
import { jobs, queues } from '@liventix/contracts/jobs';
import { migrations } from '@liventix/domain/migrations';
import { createConsumer } from '@liventix/shared/queues';
import { createProducer } from '@liventix/shared/queues/producer';
import { connectRedis } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { cleanQueues } from './clean-queues.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const noRedis = {
  clean: async () => {
    throw new Error('Redis is away');
  },
};
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.pool.raw('truncate outbox, stripe_events, resend_events');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** Rows of an age, their ids made at that time. */
async function makeRows(count: number, ageDays: number): Promise<void> {
  const bindings = { count, ageDays };
  await database.db.pool.raw(
    `insert into outbox (id, queue, name, payload, created_at, done_at)
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
             || right(replace(gen_random_uuid()::text, '-', ''), 19))::uuid,
            'ticketing', 'tickets.ensure', '{}', at, at
       from (select now() - :ageDays * interval '1 day' as at from generate_series(1, :count)) n`,
    bindings,
  );
  await database.db.pool.raw(
    `insert into stripe_events (id, type, livemode, source, payload, created_at, received_at,
                                processed_at)
     select 'evt_' || gen_random_uuid(), 'charge.updated', false, 'webhook', '{}', at, at, at
       from (select now() - :ageDays * interval '1 day' as at from generate_series(1, :count)) n`,
    bindings,
  );
}

async function counts(): Promise<unknown> {
  const { rows } = await database.db.pool.raw(
    `select (select count(*) from outbox) as messages,
            (select count(*) from stripe_events) as events`,
  );
  return rows[0];
}

test('rows past their retention go, in as many batches as it takes; younger ones stay', async () => {
  await makeRows(2_500, 36);
  await makeRows(10, 34);
  await cleanQueues({ db: database.db, producer: noRedis, log });
  expect(await counts()).toEqual({ messages: 10, events: 10 });
});

test('two cleaners at once are harmless', async () => {
  await makeRows(1_500, 36);
  const clean = async () => await cleanQueues({ db: database.db, producer: noRedis, log });
  await Promise.all([clean(), clean()]);
  await clean();
  expect(await counts()).toEqual({ messages: 0, events: 0 });
});

test('ended jobs leave Redis, waiting ones stay', async () => {
  const prefix = `{${randomUUID()}}`;
  await using stack = new AsyncDisposableStack();
  const redis = stack.adopt(
    connectRedis({ url: inject('redisUrl'), role: 'worker', onError: () => undefined }),
    (open) => open.disconnect(),
  );
  const producer = stack.adopt(
    createProducer({ redisUrl: inject('redisUrl'), prefix, queues, log }),
    async (open) => await open.close(),
  );
  const message = () => ({
    id: randomUUID(),
    queue: 'ticketing',
    name: 'tickets.ensure',
    payload: { orderId: randomUUID() },
  });
  const ended = message();
  const waiting = message();
  await waitFor(async () => (await producer.send([ended])).length === 1, { what: 'it is sent' });
  const worker = createConsumer({
    catalogue: jobs,
    queue: 'ticketing',
    connection: redis,
    prefix,
    concurrency: 1,
    name: 'test',
    log,
    handlers: { 'order.settle': async () => undefined, 'tickets.ensure': async () => undefined },
    onAttempt: async () => undefined,
    onDead: async () => undefined,
  });
  const states = async () => await producer.states('ticketing', [ended.id, waiting.id]);
  await waitFor(async () => (await states()).get(ended.id) === 'completed', { what: 'it ended' });
  await worker.close();
  await waitFor(async () => (await producer.send([waiting])).length === 1, { what: 'it is sent' });
  // Each of these gives up on a Redis that is slow.
  await waitFor(async () => await producer.clean(0).then(() => true), { what: 'Redis is cleaned' });
  expect(await waitFor(states, { what: 'where they stand' })).toEqual(
    new Map([
      [ended.id, 'missing'],
      [waiting.id, 'waiting'],
    ]),
  );
});
