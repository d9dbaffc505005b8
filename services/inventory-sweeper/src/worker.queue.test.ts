import { randomUUID } from 'node:crypto';
import { ticks } from '@liventix/contracts/jobs';
import { migrations } from '@liventix/domain/migrations';
import { enqueue } from '@liventix/domain/outbox/repository';
import { connectRedis } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { type FlakyLink, openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { loadConfig } from '#config';
import { type Deps, openDeps } from '#deps';
import { type SweepWorker, startWorker } from '#worker';

let database: TestDatabase;
let link: FlakyLink;
let stack: AsyncDisposableStack;
let prefix: string;
let deps: Deps;
let worker: SweepWorker;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.pool.raw('truncate outbox');
  link = await openFlakyLink(inject('redisUrl'));
  stack = new AsyncDisposableStack();
  prefix = `{${randomUUID()}}`;
});
afterEach(async () => {
  link.mend();
  await stack.disposeAsync();
  await link[Symbol.asyncDispose]();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function start(): Promise<void> {
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: link.url,
    QUEUE_PREFIX: prefix,
    SWEEP_INTERVAL_MS: '100',
    RELAY_INTERVAL_MS: '100',
    RECONCILE_INTERVAL_MS: '1000',
  });
  deps = await openDeps(config, stack, createLogger({ name: 'test', level: 'silent' }));
  worker = stack.adopt(startWorker(config, deps), async (open) => await open.close());
}

/** A message no courier knows of, as if written a minute ago. */
async function makeMessage(): Promise<string> {
  const id = await database.db.inTransaction(
    async (tx) => await enqueue(tx, 'tickets.ensure', { orderId: randomUUID() }),
  );
  await database.db.pool.raw(`update outbox set created_at = created_at - interval '1 minute'`);
  return id;
}

async function untilDispatched(id: string): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await database.db.pool.raw(
        'select 1 from outbox where id = :id and dispatched_at is not null',
        { id },
      );
      return rows.length === 1;
    },
    { what: 'the message is dispatched' },
  );
}

test('the relay runs without being asked', async () => {
  await start();
  await untilDispatched(await makeMessage());
});

test('started while Redis is down, it relays as soon as Redis is back', async () => {
  link.cut();
  await start();
  const id = await makeMessage();
  const { rows } = await database.db.pool.raw('select dispatched_at from outbox');
  expect(rows).toEqual([{ dispatched_at: null }]);
  link.mend();
  await untilDispatched(id);
});

test('holds are looked at while Redis is down', async () => {
  link.cut();
  await start();
  await waitFor(
    async () => {
      const { rows } = await database.db.pool.raw(
        `select 1 from pg_stat_activity
          where application_name = 'inventory-sweeper' and datname = current_database()
            and query like '%ticket_holds%'`,
      );
      return rows.length > 0;
    },
    { what: 'the sweep of holds asks the database' },
  );
});

test('schedules that Redis lost come back', async () => {
  await start();
  await using redis = stackedRedis();
  const scheduled = async () =>
    (await redis.client.zrange(`${prefix}:inventory:repeat`, '0', '-1')).toSorted();
  const all = Object.entries(ticks)
    .flatMap(([name, { queue }]) => (queue === 'inventory' ? [name] : []))
    .toSorted();
  await waitFor(async () => (await scheduled()).length === all.length, { what: 'schedules' });
  const keys = await redis.client.keys(`${prefix}*`);
  await redis.client.del(...keys);
  await waitFor(async () => (await scheduled()).join() === all.join(), {
    what: 'all schedules are back',
  });
});

test.for(['mend', 'cut', 'freeze'] as const)(
  'stops within its deadline (link: %s)',
  async (weather) => {
    await start();
    await untilDispatched(await makeMessage());
    link[weather]();
    const startedAt = performance.now();
    await worker.close();
    // Nothing bounded would end never; four seconds are what it takes at most where nothing else runs.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  },
);

function stackedRedis() {
  const client = connectRedis({
    url: inject('redisUrl'),
    role: 'worker',
    onError: () => undefined,
  });
  return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
}
