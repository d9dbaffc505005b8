import { migrations } from '@liventix/domain/migrations';
import { connectDatabase } from '@liventix/shared/db';
import type { HttpApp } from '@liventix/shared/http';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { createEventInbox } from '#stripe/event-inbox';
import {
  makeDelivery,
  type SignedDelivery,
  signedHeaders,
  webhookSecret,
} from '#testing/deliveries';

let database: TestDatabase;
let app: HttpApp;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  app = await appOn(database);
});
beforeEach(async () => {
  await database.db.pool.raw('truncate stripe_events, outbox');
});
afterAll(async () => {
  await app.close();
  await database[Symbol.asyncDispose]();
});

async function appOn({ db }: Pick<TestDatabase, 'db'>): Promise<HttpApp> {
  const config = loadConfig({
    DATABASE_URL: inject('databaseUrl'),
    REDIS_URL: inject('redisUrl'),
    STRIPE_WEBHOOK_SECRETS: `whsec_another_0123456789, ${webhookSecret}`,
  });
  const log = createLogger({ name: 'test', level: 'silent' });
  return await buildApp({ config, db, inbox: createEventInbox({ db }), log });
}

async function post(delivery: Pick<SignedDelivery, 'body' | 'headers'>, on = app) {
  const answer = await on.inject({
    method: 'POST',
    url: '/webhooks/stripe',
    headers: delivery.headers,
    payload: delivery.body,
  });
  return { status: answer.statusCode, body: answer.json() as unknown };
}

async function counts() {
  const { rows } = await database.db.pool.raw(
    `select (select count(*) from stripe_events) as events,
            (select count(*) from stripe_events where processed_at is not null) as processed,
            (select count(*) from outbox) as messages`,
  );
  return rows[0];
}

describe('POST /webhooks/stripe', () => {
  test('stores an event with its message and answers 200', async () => {
    expect(await post(makeDelivery())).toEqual({ status: 200, body: { received: true } });
    expect(await counts()).toEqual({ events: 1, processed: 0, messages: 1 });
  });

  test('answers a known event with 200 and changes nothing', async () => {
    const delivery = makeDelivery();
    await post(delivery);
    expect(await post(delivery)).toEqual({ status: 200, body: { received: true } });
    expect(await counts()).toEqual({ events: 1, processed: 0, messages: 1 });
  });

  test('fifty deliveries of one event at once are all 200 and stored once', async () => {
    const delivery = makeDelivery();
    const answers = await Promise.all(Array.from({ length: 50 }, async () => await post(delivery)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await counts()).toEqual({ events: 1, processed: 0, messages: 1 });
  });

  test.for([
    ['of a type we do not use', { type: 'charge.updated' }],
    ['of somebody else’s session', { reference: null }],
  ] as const)('stores an event %s and does nothing about it', async ([, overrides]) => {
    expect(await post(makeDelivery(overrides))).toMatchObject({ status: 200 });
    expect(await counts()).toEqual({ events: 1, processed: 1, messages: 0 });
  });

  test.for(['text/plain', 'application/x-www-form-urlencoded', ''])(
    'reads the bytes whatever the content type says: %j',
    async (contentType) => {
      const { body, headers } = makeDelivery();
      const { 'content-type': _json, ...rest } = headers;
      const sent = contentType === '' ? rest : { ...rest, 'content-type': contentType };
      expect(await post({ body, headers: sent })).toMatchObject({ status: 200 });
    },
  );

  test.for([
    [
      'without a signature',
      (d: SignedDelivery) => ({ ...d, headers: {} }),
      400,
      'webhook.signature_missing',
    ],
    [
      'whose body was changed',
      (d: SignedDelivery) => ({ ...d, body: d.body.replace('paid', 'paix') }),
      400,
      'webhook.signature_invalid',
    ],
    [
      'that is not an event',
      () => ({ body: 'paid!', headers: signedHeaders('paid!') }),
      400,
      'webhook.not_an_event',
    ],
    [
      'without a body',
      (d: SignedDelivery) => ({ ...d, body: '' }),
      400,
      'webhook.signature_invalid',
    ],
    [
      'larger than 512 KiB',
      () => {
        const body = 'x'.repeat(512 * 1024 + 1);
        return { body, headers: signedHeaders(body) };
      },
      413,
      'request.too_large',
    ],
  ] as const)('refuses a delivery %s', async ([, change, status, code]) => {
    const answer = await post(change(makeDelivery()));
    expect(answer).toMatchObject({ status, body: { status, code, detail: expect.any(String) } });
    expect(await counts()).toEqual({ events: 0, processed: 0, messages: 0 });
  });

  test('answers 503 while the database is away, and 200 once it is back', async () => {
    await using link = await openFlakyLink(database.url);
    await using db = connectDatabase({ url: link.url, poolMax: 2 });
    await using behindLink = await appOn({ db });
    const delivery = makeDelivery();
    link.cut();
    expect(await post(delivery, behindLink)).toMatchObject({
      status: 503,
      body: { code: 'database.unavailable' },
    });
    link.mend();
    await waitFor(async () => (await post(delivery, behindLink)).status === 200, {
      what: 'the event to be taken',
    });
    expect(await counts()).toEqual({ events: 1, processed: 0, messages: 1 });
  });
});

test('is ready with its database', async () => {
  const ready = await app.inject({ url: '/health/ready' });
  expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ready' }]);
});

test('refuses to start without a signing secret', () => {
  const env = { DATABASE_URL: 'postgres://x/y', REDIS_URL: 'redis://x' };
  expect(() => loadConfig(env)).toThrow('STRIPE_WEBHOOK_SECRETS');
  expect(() => loadConfig({ ...env, STRIPE_WEBHOOK_SECRETS: ' , ' })).toThrow(
    'STRIPE_WEBHOOK_SECRETS',
  );
});
