import { randomUUID } from 'node:crypto';
import { listAlerts } from '@liventix/domain/alerts/alert-repository';
import { addCounts, beat, forgetOldReports } from '@liventix/domain/alerts/report-repository';
import { recordBackup } from '@liventix/domain/backups/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { migrations } from '@liventix/domain/migrations';
import type { Database } from '@liventix/shared/db';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { readRedisState } from '#signals/read-redis';
import { look } from './watch.ts';

let database: TestDatabase;
let db: Database;
let redis: RedisClient;
let prefix: string;
const log = createLogger({ name: 'watch', level: 'silent' });

/** Three times this without a look, and nobody is missed: longer than a busy machine stands still. */
const everyMs = 10_000;
const everyS = everyMs / 1_000;

beforeEach(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
  redis = await connect();
  prefix = `{${randomUUID()}}`;
  // Nobody but those whom a test names is expected, and somebody has listened all day.
  await db.pool.raw('delete from heartbeats');
  await db.pool.raw(
    `update watch_state set watching_since = now() - interval '1 day',
            looked_at = now() - interval '10 seconds'`,
  );
});
afterEach(async () => {
  redis.disconnect();
  await database[Symbol.asyncDispose]();
});

async function connect(): Promise<RedisClient> {
  // Unlike a service's own it is patient: a Redis that is merely slow is not away in these tests.
  const client = connectRedis({
    url: inject('redisUrl'),
    role: 'worker',
    onError: () => undefined,
  });
  await new Promise((resolve) => client.once('ready', resolve));
  return client;
}

/** A look that is due: the last one was a beat ago, or as long as this. */
async function lookNow(secondsAgo = everyS): Promise<void> {
  await db.pool.raw(
    'update watch_state set looked_at = clock_timestamp() - make_interval(secs => :secondsAgo)',
    { secondsAgo },
  );
  await look({ db, redis, prefix, log }, { WATCH_INTERVAL_MS: everyMs });
}

/** As if this long had passed for everything that was found. */
async function later(seconds: number): Promise<void> {
  await db.pool.raw(
    `update alerts set bad_since = bad_since - make_interval(secs => :seconds),
            bad_at = bad_at - make_interval(secs => :seconds)`,
    { seconds },
  );
}

async function firing(): Promise<string[]> {
  const alerts = await listAlerts(db.pool);
  return alerts.filter(({ state }) => state === 'firing').map(({ name }) => name);
}

async function silent(service: string, seconds: number): Promise<void> {
  await beat(db.pool, { service, instance: 'one', facts: {} });
  await db.pool.raw(
    `update heartbeats set at = now() - make_interval(secs => :seconds) where service = :service`,
    { service, seconds },
  );
}

async function breakBooks(): Promise<void> {
  await openIncident(db.pool, {
    kind: 'books.broken',
    objectType: 'invariant',
    objectId: 'tiers-within-capacity',
    message: 'broken',
  });
}

describe('a look', () => {
  test('finds nothing wrong where nothing is', async () => {
    await silent('ticketing', 10);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('finds a service that says nothing any more, each by name', async () => {
    await silent('ticketing', 50);
    await silent('notifications', 5);
    await lookNow();
    expect((await listAlerts(db.pool)).map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^No process of ticketing has said anything for [5-9]\d s\.$/),
    ]);
  });

  test('still finds who has been dead for days, until somebody takes it off the list', async () => {
    await silent('refunds', 90_000);
    await lookNow();
    await silent('refunds', 400_000);
    await forgetOldReports(db.pool);
    await later(60);
    await lookNow();
    expect(await firing()).toEqual(['ServiceSilent']);
    await db.pool.raw(`delete from heartbeats where service = 'refunds'`);
    await later(60);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('finds a service that is expected and was never here', async () => {
    await db.pool.raw(
      `insert into heartbeats (service, instance, at)
       values ('ops', 'expected', now() - interval '46 seconds'),
              ('refunds', 'expected', now() + interval '4 minutes'),
              ('checkout', 'expected', now() - interval '9 days'), ('checkout', 'one', now())`,
    );
    await forgetOldReports(db.pool);
    await lookNow();
    expect((await listAlerts(db.pool)).map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^No process of ops /),
    ]);
  });

  test('misses nobody for a time in which nobody looked', async () => {
    await silent('ticketing', 7_200);
    await lookNow(7_200);
    expect(await firing()).toEqual([]);
    await db.pool.raw(`update watch_state set watching_since = now() - interval '20 seconds'`);
    await lookNow();
    expect(await firing()).toEqual([]);
    await db.pool.raw(`update watch_state set watching_since = now() - interval '46 seconds'`);
    await lookNow();
    expect(await firing()).toEqual(['ServiceSilent']);
  });

  test('finds a repeatable job that does not end, by the instance that ended it last', async () => {
    const facts = (ageSeconds: number) => ({
      sweeps: [{ sweep: 'holds.expire', everySeconds: 5, ageSeconds }],
    });
    await beat(db.pool, { service: 's', instance: 'one', facts: facts(40) });
    await lookNow();
    expect(await firing()).toEqual([]);
    await db.pool.raw(`update heartbeats set at = at - interval '21 seconds'`);
    await lookNow();
    expect(await firing()).toEqual(['SweepLate']);
    await beat(db.pool, { service: 's', instance: 'two', facts: facts(5) });
    await later(60);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('finds what processes tell of queues and books, by who read them last', async () => {
    const facts = (ageSeconds: number, worth: number) => ({
      queues: { ageSeconds, oldestSeconds: { refunds: worth } },
      books: { ageSeconds, rulesUnknown: worth, unexplainedCents: worth },
    });
    await beat(db.pool, { service: 's', instance: 'one', facts: facts(20, 500) });
    await lookNow();
    expect((await firing()).toSorted()).toEqual(['CentsUnexplained', 'QueueStuck']);
    await later(3_600);
    await lookNow();
    expect(await firing()).toContain('BooksNotAsked');
    await beat(db.pool, { service: 's', instance: 'two', facts: facts(5, 0) });
    await later(60);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('finds what processes counted: refusals, old signatures, providers, objectives, the last guard', async () => {
    await addCounts(db.pool, {
      'webhook.refused': 6,
      'webhook.too_old': 3,
      'stripe.calls': 20,
      'stripe.failures': 12,
      'resend.calls': 1_000,
      'resend.failures': 12,
      'settle.orders': 300,
      'settle.late': 5,
      'checkout.requests': 10_000,
      'checkout.failures': 100,
      'guard.oversold': 1,
    });
    await lookNow();
    expect((await firing()).toSorted()).toEqual([
      'ClockWrong',
      'OversellGuardTripped',
      'ProviderFails',
      'TicketsLate',
      'WebhooksRefused',
    ]);
    await addCounts(db.pool, { 'checkout.failures': 60 });
    await lookNow();
    expect(await firing()).toContain('CheckoutFails');
  });

  test('finds a Redis that lost what was in it, and forgets it after a minute', async () => {
    await lookNow();
    expect(await firing()).toEqual([]);
    await redis.del(`${prefix}:watch:count`);
    await lookNow();
    expect(await firing()).toEqual(['RedisLostData']);
    await db.pool.raw(`update watch_state set redis_lost_at = now() - interval '3 minutes'`);
    await later(60);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('finds a Redis that lost the end of what was in it: its count is an older one', async () => {
    for (let looks = 0; looks < 3; looks += 1) {
      await lookNow();
    }
    expect(await firing()).toEqual([]);
    await redis.decr(`${prefix}:watch:count`);
    await lookNow();
    expect(await firing()).toEqual(['RedisLostData']);
  });

  test('takes the count of others who look at the same time for no loss, nor a loss for two', async () => {
    const state = async () => await readRedisState({ executor: db.pool, redis, prefix });
    const together = async () => await Promise.all(Array.from({ length: 8 }, state));
    const lost = async () => (await state())?.lostSeconds;
    for (let rounds = 0; rounds < 5; rounds += 1) {
      await together();
    }
    expect(await lost()).toBeNull();
    await redis.del(`${prefix}:watch:count`);
    await together();
    await db.pool.raw('update watch_state set redis_lost_at = null');
    for (let rounds = 0; rounds < 5; rounds += 1) {
      await together();
    }
    expect(await lost()).toBeNull();
  });

  test('finds that backups do not come any more, where some came or were tried', async () => {
    const taken = { kind: 'base', bytes: 1, error: null, everySeconds: 3_600 } as const;
    await recordBackup(db.pool, taken);
    await db.pool.raw(`update backups set at = now() - interval '100 minutes'`);
    await recordBackup(db.pool, { ...taken, bytes: null, error: 'the disk is full' });
    await lookNow();
    expect(await firing()).toEqual([]);
    await db.pool.raw(`update backups set at = at - interval '30 minutes' where error is null`);
    await lookNow();
    expect((await listAlerts(db.pool)).map(({ name, summary }) => [name, summary])).toEqual([
      ['BackupLate', 'The last backup is 2.2 h old, and 1 have failed since.'],
    ]);
    await recordBackup(db.pool, taken);
    await later(60);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('that finds Redis away says so once that has lasted, and goes on', async () => {
    await breakBooks();
    redis.disconnect();
    await lookNow();
    expect(await firing()).toEqual(['BooksBroken']);
    await later(10);
    await lookNow();
    expect(await firing()).toEqual(['BooksBroken']);
    await later(15);
    await lookNow();
    expect((await firing()).toSorted()).toEqual(['BooksBroken', 'RedisAway']);
  });

  test('that misses one answer of Redis wakes nobody', async () => {
    redis.disconnect();
    await lookNow();
    redis = await connect();
    await later(60);
    await lookNow();
    expect((await db.pool.raw('select name from alerts')).rows).toEqual([]);
  });

  test('does not take a fault of Postgres for one of Redis', async () => {
    await db.pool.raw('alter table watch_state rename column redis_count to counted');
    await expect(lookNow()).rejects.toThrow();
    expect((await db.pool.raw('select name from alerts')).rows).toEqual([]);
  });

  test('that ends after a later one changes nothing', async () => {
    await breakBooks();
    await db.pool.raw(`update watch_state set applied_at = now() + interval '1 minute'`);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('is one look, however many watch, and one alert, however often it is found', async () => {
    await breakBooks();
    for (let looks = 0; looks < 3; looks += 1) {
      await db.pool.raw(`update watch_state set looked_at = now() - interval '10 seconds'`);
      const deps = { db, redis, prefix, log };
      await Promise.all(
        Array.from({ length: 4 }, async () => await look(deps, { WATCH_INTERVAL_MS: everyMs })),
      );
    }
    const { rows } = await db.pool.raw('select state from alerts');
    expect(rows).toEqual([{ state: 'firing' }]);
  });
});
