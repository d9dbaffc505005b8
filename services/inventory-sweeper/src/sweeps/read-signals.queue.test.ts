import { randomUUID } from 'node:crypto';
import { queues } from '@liventix/contracts/jobs';
import { openIncident } from '@liventix/domain/incidents/repository';
import { migrations } from '@liventix/domain/migrations';
import { enqueue } from '@liventix/domain/outbox/repository';
import { createProducer, type Producer } from '@liventix/shared/queues/producer';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { registry } from '@liventix/shared/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { type FlakyLink, openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { readSignals } from './read-signals.ts';

const log = createLogger({ name: 'test', level: 'silent' });
let database: TestDatabase;
let link: FlakyLink;
let producer: Producer;
let watchRedis: RedisClient;
const prefix = `{${randomUUID()}}`;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  link = await openFlakyLink(inject('redisUrl'));
  watchRedis = connectRedis({ url: link.url, role: 'lock', onError: () => undefined });
  await new Promise((resolve) => watchRedis.once('ready', resolve));
  producer = createProducer({ redisUrl: link.url, prefix, queues, log });
});
beforeEach(async () => {
  link.mend();
  await database.db.pool.raw('truncate outbox, incidents');
});
afterAll(async () => {
  watchRedis.disconnect();
  await producer.close();
  await link[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function metrics(): Promise<string> {
  await readSignals({ db: database.db, producer, log, watchRedis, prefix });
  return await registry.metrics();
}

/** What is shown once Redis said how it stands: it is not asked for longer than a second. */
async function metricsWithRedis(): Promise<string> {
  return await waitFor(
    async () => {
      const text = await metrics();
      return text.includes('redis_up 1') && text.includes('queue_jobs{') ? text : undefined;
    },
    { what: 'Redis to say how it stands' },
  );
}

async function message(minutesAgo: number): Promise<string> {
  const id = await database.db.inTransaction(
    async (tx) => await enqueue(tx, 'tickets.ensure', { orderId: randomUUID() }),
  );
  await database.db.pool.raw(
    `update outbox set created_at = now() - make_interval(mins => :minutesAgo) where id = :id`,
    { id, minutesAgo },
  );
  return id;
}

test('nothing is shown that was not read yet', async () => {
  const text = await registry.metrics();
  for (const name of ['redis_lost_seconds', 'redis_up', 'signals_read_seconds', 'outbox_dead']) {
    expect(text, name).not.toMatch(new RegExp(`^${name} `, 'm'));
  }
});

test('open messages and their age are shown by queue, and gone when they are done', async () => {
  await message(2);
  const id = await message(5);
  const text = await metrics();
  expect(text).toContain('outbox_open{queue="ticketing"} 2');
  expect(text).toMatch(/outbox_oldest_seconds\{queue="ticketing"\} 3\d\d/);
  await database.db.pool.raw('update outbox set done_at = now() where id <> :id', { id });
  expect(await metrics()).toContain('outbox_open{queue="ticketing"} 1');
  await database.db.pool.raw('update outbox set dead_at = now() where id = :id', { id });
  const dead = await metrics();
  expect(dead).not.toContain('outbox_open{queue="ticketing"}');
  expect(dead).toContain('outbox_dead 1');
});

test('what waits in Redis is shown by queue and state, with the age of the oldest', async () => {
  const outgoing = { id: randomUUID(), queue: 'refunds', name: 'refund.submit', payload: {} };
  await waitFor(async () => (await producer.send([outgoing])).length === 1, { what: 'it is sent' });
  const text = await metricsWithRedis();
  expect(text).toContain('queue_jobs{queue="refunds",state="waiting"} 1');
  expect(text).toContain('queue_jobs{queue="ticketing",state="waiting"} 0');
  expect(text).toMatch(/queue_oldest_waiting_seconds\{queue="refunds"\} \d/);
});

test('without Redis the rest is read all the same, and of Redis nothing old is shown', async () => {
  const before = await metricsWithRedis();
  expect(before).toMatch(/^redis_memory_used_bytes [1-9]/m);
  expect(before).toContain('queue_jobs{queue="ticketing",state="waiting"} 0');
  link.cut();
  await message(1);
  const after = await metrics();
  expect(after).toContain('outbox_open{queue="ticketing"} 1');
  expect(after).toContain('redis_up 0');
  expect(after).not.toMatch(/^(redis_(?!up)|queue_)\w+[ {]/m);
});

test('incidents are counted by kind as long as they are open', async () => {
  const incident = { kind: 'message.dead', objectType: 'message', message: 'It is dead.' } as const;
  await openIncident(database.db.pool, { ...incident, objectId: 'one' });
  await openIncident(database.db.pool, { ...incident, objectId: 'two' });
  expect(await metrics()).toContain('incidents_open{kind="message.dead"} 2');
  await database.db.pool.raw('update incidents set resolved_at = now()');
  expect(await metrics()).not.toContain('incidents_open{kind="message.dead"}');
});

test('of a system at rest nothing waits', async () => {
  const text = await metrics();
  for (const name of [
    'holds_active',
    'holds_overdue_seconds',
    'orders_paid_without_tickets',
    'orders_paid_without_tickets_oldest_seconds',
    'orders_paid_late',
    'stripe_events_open',
    'stripe_events_oldest_seconds',
    'outbox_dead',
  ]) {
    expect(text, name).toContain(`\n${name} 0\n`);
  }
});
