import { randomUUID } from 'node:crypto';
import { migrations } from '@liventix/domain/migrations';
import type { HttpApp } from '@liventix/shared/http';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { type FlakyLink, openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { openDeps } from '#deps';
import { makeDelivery, webhookSecret } from '#testing/deliveries';

let database: TestDatabase;
let redis: FlakyLink;
let stack: AsyncDisposableStack;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  redis = await openFlakyLink(inject('redisUrl'));
  stack = new AsyncDisposableStack();
});
afterEach(async () => {
  await stack.disposeAsync();
  await redis[Symbol.asyncDispose]();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function startApp(): Promise<HttpApp> {
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: `{${randomUUID()}}`,
    STRIPE_WEBHOOK_SECRETS: webhookSecret,
  });
  const deps = await openDeps(config, stack, createLogger({ name: 'test', level: 'silent' }));
  return stack.adopt(await buildApp(deps), async (open) => await open.close());
}

async function deliver(app: HttpApp) {
  const { eventId, body, headers } = makeDelivery();
  const startedAt = performance.now();
  const answer = await app.inject({
    method: 'POST',
    url: '/webhooks/stripe',
    headers,
    payload: body,
  });
  return { eventId, status: answer.statusCode, ms: performance.now() - startedAt };
}

async function dispatchedAt(eventId: string): Promise<Date | null> {
  const { rows } = await database.db.pool.raw(
    `select dispatched_at from outbox where payload ->> 'eventId' = :eventId`,
    { eventId },
  );
  return rows[0].dispatched_at;
}

test('a stored event reaches Redis right after the answer', async () => {
  const app = await startApp();
  const { eventId, status } = await deliver(app);
  expect(status).toBe(200);
  await waitFor(async () => await dispatchedAt(eventId), { what: 'the message is stamped' });
});

test('with Redis down the answer is 200, and the message waits for the relay', async () => {
  redis.cut();
  const app = await startApp();
  const { eventId, status } = await deliver(app);
  expect(status).toBe(200);
  // Of a process that has ended nothing is on its way any more.
  await stack.disposeAsync();
  expect(await dispatchedAt(eventId)).toBeNull();
});

/** Whoever waits for Redis waits for ever: this tells the two apart also where all is slow. */
const boundMs = 10_000;

test('with Redis frozen no answer waits for it', async () => {
  const app = await startApp();
  const before = await deliver(app);
  await waitFor(async () => await dispatchedAt(before.eventId), { what: 'Redis is connected' });
  redis.freeze();
  const deliveries = await Promise.all(Array.from({ length: 20 }, async () => await deliver(app)));
  for (const { status, ms } of deliveries) {
    expect(status).toBe(200);
    expect(ms).toBeLessThan(boundMs);
  }
  const late = await deliver(app);
  expect([late.status, late.ms < boundMs]).toEqual([200, true]);
});

test('once Redis is back, new messages reach it again', async () => {
  redis.cut();
  const app = await startApp();
  await deliver(app);
  redis.mend();
  const delivered: string[] = [];
  await waitFor(
    async () => {
      delivered.push((await deliver(app)).eventId);
      return (await Promise.all(delivered.map(dispatchedAt))).some((at) => at !== null);
    },
    { what: 'a message is stamped' },
  );
});

test('stops within its deadline while Redis is frozen', async () => {
  const app = await startApp();
  const before = await deliver(app);
  await waitFor(async () => await dispatchedAt(before.eventId), { what: 'Redis is connected' });
  redis.freeze();
  await deliver(app);
  const startedAt = performance.now();
  await stack.disposeAsync();
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});
