import { migrations, requiredSchema } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { startResendSimulator } from '@liventix/simulators/resend';
import { startStripeSimulator } from '@liventix/simulators/stripe';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { examine } from './examine.ts';

const webhookUrl = 'https://hooks.example/webhooks/stripe';

let database: TestDatabase;
let sound: Record<string, string>;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  database = stack.use(await createTestDatabase({ url: inject('databaseUrl'), migrations }));
  // The tests' own Postgres trades durability for speed, which a deployment must not.
  await database.db.pool.raw('alter database :name: set synchronous_commit to on', {
    name: new URL(database.url).pathname.slice(1),
  });
  const stripe = stack.adopt(
    await startStripeSimulator({
      port: 0,
      host: '127.0.0.1',
      secretKey: 'sk_test_doctor',
      webhooks: [{ url: webhookUrl, secret: 'whsec_doctor_0123456789' }],
    }),
    async (open) => await open.close(),
  );
  const resend = stack.adopt(
    await startResendSimulator({
      port: 0,
      host: '127.0.0.1',
      apiKey: 're_doctor',
      mailsPerSecond: 0,
    }),
    async (open) => await open.close(),
  );
  sound = {
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    STRIPE_SECRET_KEY: 'sk_test_doctor',
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRETS: 'whsec_doctor_0123456789',
    STRIPE_WEBHOOK_URL: webhookUrl,
    RESEND_API_KEY: 're_doctor',
    RESEND_API_URL: resend.url,
    MAIL_FROM: 'Liventix <tickets@liventix.dev>',
    PUBLIC_URL: 'https://tickets.example',
    TOKEN_SECRETS: 'k1:a-secret-of-at-least-thirty-two-characters',
    MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
  };
});

afterAll(async () => {
  await stack.disposeAsync();
});

test('a sound deployment has nothing that failed', async () => {
  const findings = await examine(sound);
  expect(findings.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['schema', 'eviction policy', 'webhook events', 'sender domain']),
  );
});

describe('what is wrong is named, with what to do', () => {
  test.each([
    ['configuration of checkout', { TOKEN_SECRETS: '' }, 'TOKEN_SECRETS'],
    ['Postgres', { DATABASE_URL: 'postgres://127.0.0.1:1/none' }, 'does not answer'],
    ['Postgres', { DATABASE_URL: '' }, 'not set'],
    ['Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, 'does not answer'],
    ['Stripe key', { STRIPE_SECRET_KEY: 'sk_test_another' }, 'does not accept'],
    ['webhook endpoint', { STRIPE_WEBHOOK_URL: 'https://other.example/x' }, 'no endpoint'],
    ['Resend key', { RESEND_API_KEY: 're_another' }, 'refuses'],
    ['sender domain', { MAIL_FROM: 'tickets@elsewhere.example' }, 'knows no domain'],
    ['public address', { PUBLIC_URL: '' }, 'not set'],
  ])('%s %o', async (check, change, words) => {
    const findings = await examine({ ...sound, ...change });
    const finding = findings.find((one) => one.check === check);
    expect(finding).toMatchObject({ state: 'failed', remedy: expect.any(String) });
    expect(finding?.found).toContain(words);
  });

  test('a trigger that was disabled', async () => {
    await using damaged = await createTestDatabase({ url: inject('databaseUrl'), migrations });
    await damaged.db.pool.raw('alter table tickets disable trigger tickets_inserted');
    const findings = await examine({ ...sound, DATABASE_URL: damaged.url });
    expect(findings.find(({ check }) => check === 'triggers')).toMatchObject({
      state: 'failed',
      found: 'tickets.tickets_inserted is disabled',
    });
  });

  test('a Redis without a limit, which nobody would see fill the machine', async () => {
    const limit = async (memory: string) => {
      const redis = new Redis(inject('redisUrl'));
      await redis.config('SET', 'maxmemory', memory);
      redis.disconnect();
    };
    const stateOf = async () =>
      (await examine(sound)).find(({ check }) => check === 'memory limit')?.state;
    expect(await stateOf()).toBe('ok');
    await limit('0');
    try {
      expect(await stateOf()).toBe('warning');
    } finally {
      await limit('1gb');
    }
  });

  test('alerts that go nowhere, or by mail alone, which cannot tell of its own key', async () => {
    const alerts = async (change: Readonly<Record<string, string>>) => {
      const findings = await examine({ ...sound, ...change });
      return findings.find(({ check }) => check === 'alerts');
    };
    expect(await alerts({})).toMatchObject({
      state: 'warning',
      found: expect.stringMatching(/^Nobody/),
    });
    const byMail = await alerts({ ALERT_MAIL_TO: 'duty@house.org' });
    expect(byMail).toMatchObject({ state: 'warning', found: expect.stringMatching(/mail alone/) });
    expect(await alerts({ ALERT_WEBHOOK_URL: 'https://chat.example/hook' })).toMatchObject({
      state: 'ok',
    });
  });

  test('a schema that lacks a migration', async () => {
    await using old = await createTestDatabase({ url: inject('databaseUrl'), migrations });
    await old.db.pool.raw('delete from schema_migrations where name = ?', [requiredSchema]);
    const findings = await examine({ ...sound, DATABASE_URL: old.url });
    expect(findings.find(({ check }) => check === 'schema')).toMatchObject({ state: 'failed' });
  });
});
