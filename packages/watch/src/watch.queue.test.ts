import { randomUUID } from 'node:crypto';
import { listAlerts } from '@liventix/domain/alerts/alert-repository';
import { addCounts, beat } from '@liventix/domain/alerts/report-repository';
import { recordBackup } from '@liventix/domain/backups/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { migrations } from '@liventix/domain/migrations';
import type { Database } from '@liventix/shared/db';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Channel } from '#notify/channels';
import { look, tellAll } from './watch.ts';

let database: TestDatabase;
let db: Database;
let redis: RedisClient;
let prefix: string;
const log = createLogger({ name: 'watch', level: 'silent' });
const everyMs = 1_000;

beforeEach(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
  redis = connectRedis({ url: inject('redisUrl'), role: 'lock', onError: () => undefined });
  await new Promise((resolve) => redis.once('ready', resolve));
  prefix = `{${randomUUID()}}`;
});
afterEach(async () => {
  redis.disconnect();
  await database[Symbol.asyncDispose]();
});

/** A look that is due, whenever the last one was. */
async function lookNow(): Promise<void> {
  await db.pool.raw(`update watch_state set looked_at = '-infinity'`);
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

async function mendBooks(): Promise<void> {
  await db.pool.raw('update incidents set resolved_at = now()');
}

function recorder(): { tell: Channel; told: string[] } {
  const told: string[] = [];
  const tell: Channel = async ({ name, state }) => {
    told.push(`${name} ${state}`);
  };
  return { tell, told };
}

describe('a look', () => {
  test('finds nothing wrong where nothing is', async () => {
    await silent('ticketing', 10);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('finds a service that says nothing any more, each by name', async () => {
    await silent('ticketing', 50);
    await silent('refunds', 90_000);
    await silent('notifications', 5);
    await lookNow();
    expect((await listAlerts(db.pool)).map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^No process of ticketing has said anything for 5\d s\.$/),
    ]);
  });

  test('finds a repeatable job that does not end, by the instance that ended it last', async () => {
    const ended = Date.now() / 1_000 - 400;
    const sweeps = (endedSeconds: number) => [
      { sweep: 'holds.expire', everySeconds: 5, endedSeconds },
    ];
    await beat(db.pool, { service: 's', instance: 'one', facts: { sweeps: sweeps(ended) } });
    await lookNow();
    expect(await firing()).toEqual(['SweepLate']);
    await beat(db.pool, { service: 's', instance: 'two', facts: { sweeps: sweeps(ended + 395) } });
    await later(10);
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
    await redis.del(`${prefix}:watch:mark`);
    await lookNow();
    expect(await firing()).toEqual(['RedisLostData']);
    await db.pool.raw(`update watch_state set redis_lost_at = now() - interval '3 minutes'`);
    await later(10);
    await lookNow();
    expect(await firing()).toEqual([]);
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
    await later(10);
    await lookNow();
    expect(await firing()).toEqual([]);
  });

  test('that finds Redis away says so, and goes on', async () => {
    await breakBooks();
    redis.disconnect();
    await lookNow();
    expect((await firing()).toSorted()).toEqual(['BooksBroken', 'RedisAway']);
  });

  test('is one look, however many watch, and one alert, however often it is found', async () => {
    await breakBooks();
    for (let looks = 0; looks < 3; looks += 1) {
      await db.pool.raw(`update watch_state set looked_at = '-infinity'`);
      const deps = { db, redis, prefix, log };
      await Promise.all(
        Array.from({ length: 4 }, async () => await look(deps, { WATCH_INTERVAL_MS: everyMs })),
      );
    }
    const { rows } = await db.pool.raw('select state from alerts');
    expect(rows).toEqual([{ state: 'firing' }]);
  });
});

describe('telling', () => {
  test('happens once when it begins and once when it is over, whoever tells', async () => {
    const { tell, told } = recorder();
    const tellTogether = async () =>
      await Promise.all([1, 2, 3].map(async () => await tellAll({ db, log }, [tell])));
    await breakBooks();
    await lookNow();
    await tellTogether();
    await lookNow();
    await tellTogether();
    expect(told).toEqual(['BooksBroken firing']);
    await mendBooks();
    await lookNow();
    await tellTogether();
    expect(told).toHaveLength(1);
    await later(4);
    await lookNow();
    await tellTogether();
    expect(told).toEqual(['BooksBroken firing', 'BooksBroken cleared']);
  });

  test('without its lock would happen as often as there are watchers', async () => {
    await breakBooks();
    await lookNow();
    const { tell, told } = recorder();
    const untold = `select name, state from alerts where told <> state`;
    const all = Promise.withResolvers<undefined>();
    let read = 0;
    await Promise.all(
      [1, 2, 3].map(async () => {
        const { rows } = await db.pool.raw(untold);
        read += 1;
        if (read === 3) {
          all.resolve(undefined);
        }
        await all.promise;
        await tell(rows[0]);
        await db.pool.raw('update alerts set told = state');
      }),
    );
    expect(told).toHaveLength(3);
  });

  test('that fails is repeated, and holds up no other', async () => {
    await breakBooks();
    await silent('ticketing', 60);
    await lookNow();
    const { tell, told } = recorder();
    const broken: Channel = async (alert) => {
      if (alert.name === 'BooksBroken') {
        throw new Error('the webhook answered 500');
      }
      await tell(alert);
    };
    await tellAll({ db, log }, [broken]);
    expect(told).toEqual(['ServiceSilent firing']);
    await tellAll({ db, log }, [tell]);
    expect(told.toSorted()).toEqual(['BooksBroken firing', 'ServiceSilent firing']);
  });

  test('by one way of two is enough', async () => {
    await breakBooks();
    await lookNow();
    const { tell, told } = recorder();
    const broken: Channel = async () => {
      throw new Error('the key is wrong');
    };
    await tellAll({ db, log }, [broken, tell]);
    await tellAll({ db, log }, [broken, tell]);
    expect(told).toEqual(['BooksBroken firing']);
  });
});
