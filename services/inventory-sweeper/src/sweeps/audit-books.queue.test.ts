import { randomUUID } from 'node:crypto';
import { queues } from '@liventix/contracts/jobs';
import { loadInvariants } from '@liventix/domain/books/repository';
import { migrations } from '@liventix/domain/migrations';
import { createProducer } from '@liventix/shared/queues/producer';
import { connectRedis } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { registry } from '@liventix/shared/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { loadConfig } from '#config';
import { openDeps } from '#deps';
import { startWorker } from '#worker';
import { auditAllBooks } from './audit-books.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const going = new AbortController().signal;
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

/** A message that was given up, of which nobody was told: it breaks one rule. */
async function breakTheBooks(): Promise<string> {
  const id = randomUUID();
  await database.db.pool.raw(
    `insert into outbox (id, queue, name, payload, dispatched_at, dead_at)
     values (:id, 'ticketing', 'tickets.ensure', '{}', now(), now())`,
    { id },
  );
  return id;
}

async function mendTheBooks(messageId: string): Promise<void> {
  await database.db.pool.raw('delete from outbox where id = :messageId', { messageId });
}

async function audit(stopping = going): Promise<void> {
  await auditAllBooks({ db: database.db, books: database.db, log }, stopping);
}

async function incidents(): Promise<unknown[]> {
  const { rows } = await database.db.pool.raw(
    `select kind, object_type, object_id, details, resolved_at is null as is_open, seen
       from incidents order by opened_at`,
  );
  return rows;
}

const broken = {
  kind: 'books.broken',
  object_type: 'invariant',
  object_id: 'dead-messages-are-told',
};

test('a broken rule opens an incident that names it and its first ids, and changes nothing', async () => {
  const ids = [];
  for (let n = 0; n < 7; n += 1) {
    ids.push(await breakTheBooks());
  }
  const before = await database.db.pool.raw('select * from outbox order by id');
  await audit();
  const named = ids.toSorted().slice(0, 5);
  expect(await incidents()).toMatchObject([
    { ...broken, is_open: true, details: { found: 7, violations: named.map((id) => ({ id })) } },
  ]);
  expect((await database.db.pool.raw('select * from outbox order by id')).rows).toEqual(
    before.rows,
  );
  expect(await registry.getSingleMetricAsString('books_violations')).toContain(
    'books_violations{invariant="dead-messages-are-told"} 7',
  );
  expect(await registry.getSingleMetricAsString('books_rules')).toContain(
    'books_rules{outcome="broken"} 1',
  );
});

test('the next audit that finds it held closes it; one after that opens another', async () => {
  const id = await breakTheBooks();
  await audit();
  await mendTheBooks(id);
  await audit();
  expect(await incidents()).toMatchObject([{ ...broken, is_open: false, seen: 1 }]);
  await breakTheBooks();
  await audit();
  expect(await incidents()).toMatchObject([
    { ...broken, is_open: false },
    { ...broken, is_open: true },
  ]);
});

test('audited again, and by two at once, a broken rule stays one incident', async () => {
  await breakTheBooks();
  await audit();
  await Promise.all([audit(), audit()]);
  expect(await incidents()).toMatchObject([{ ...broken, is_open: true, seen: 3 }]);
});

test('a rule that cannot be asked leaves its incident as it is, and the others are audited', async () => {
  await breakTheBooks();
  await audit();
  await database.db.pool.raw('alter table outbox rename column dead_at to died_at');
  try {
    await audit();
  } finally {
    await database.db.pool.raw('alter table outbox rename column died_at to dead_at');
  }
  expect(await incidents()).toMatchObject([{ ...broken, is_open: true, seen: 1 }]);
  const metrics = await registry.getSingleMetricAsString('books_rules');
  expect(metrics).toMatch(/books_rules\{outcome="unknown"\} [1-9]/);
  expect(metrics).toMatch(/books_rules\{outcome="held"\} [1-9]/);
});

test('an audit that is told to stop says nothing of what it did not ask', async () => {
  await breakTheBooks();
  await audit(AbortSignal.abort());
  expect(await incidents()).toEqual([]);
});

test('the sweeper audits by itself, and stops when it is told to', async () => {
  await breakTheBooks();
  await using stack = new AsyncDisposableStack();
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    QUEUE_PREFIX: `{${randomUUID()}}`,
    AUDIT_INTERVAL_MS: '100',
  });
  const deps = await openDeps(config, stack, log);
  const worker = stack.adopt(startWorker(config, deps), async (open) => await open.close());
  await waitFor(async () => (await incidents()).length === 1, { what: 'the audit found it' });
  const startedAt = performance.now();
  await worker.close();
  // Without a bound it would wait for an audit that takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test('a job of the queue that no release knows harms nothing', async () => {
  await using stack = new AsyncDisposableStack();
  const prefix = `{${randomUUID()}}`;
  const redisUrl = inject('redisUrl');
  const producer = stack.adopt(
    createProducer({ redisUrl, prefix, queues, log }),
    async (open) => await open.close(),
  );
  const redis = stack.adopt(
    connectRedis({ url: redisUrl, role: 'worker', onError: () => undefined }),
    (open) => open.disconnect(),
  );
  await waitFor(async () => redis.status === 'ready', { what: 'Redis is connected' });
  const message = { id: randomUUID(), queue: 'audit', name: 'books.burn', payload: { any: 1 } };
  await waitFor(async () => (await producer.send([message])).length === 1, { what: 'it is sent' });
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: prefix,
  });
  const deps = await openDeps(config, stack, log);
  stack.adopt(startWorker(config, deps), async (open) => await open.close());
  const states = async () => await producer.states('audit', [message.id]);
  await waitFor(async () => (await states()).get(message.id) === 'completed', { what: 'it ended' });
});

test('every rule has a name that an incident can bear', () => {
  const names = loadInvariants().map(({ name }) => name);
  expect(names.filter((name) => !/^[a-z][a-z-]{0,254}$/.test(name))).toEqual([]);
});
