import { waitFor } from '@liventix/shared/testing/wait';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { balancesAgree } from '#support/balance';
import { loadTestConfig } from '#support/config';
import {
  count,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';
import { dice, liveThrough } from './random-hour.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const orders = loadTestConfig().LIVENTIX_TEST_ALL ? 2_000 : 400;
const buyers = 12;
const seed = 20_261_123;

/** Webhooks are lost, doubled and late; some answers of Stripe are. */
const storm = {
  error_rate: 0.01,
  webhooks: { drop_rate: 0.15, duplicates: 1, delay_ms: 50, reorder: true },
};

async function killed(name: string): Promise<void> {
  const { supervisor } = world.stack;
  const pid = supervisor.pids()[name];
  supervisor.signal(name, 'SIGKILL');
  await waitFor(async () => ![undefined, pid].includes(supervisor.pids()[name]), {
    what: `${name} to start again`,
  });
}

async function flushed(): Promise<void> {
  const redis = new Redis(world.stack.redisUrl);
  await redis.flushall();
  redis.disconnect();
}

interface Account {
  readonly payment_intent: string;
  readonly amount: number;
  readonly refunded: number;
}

/** Payments of which the two books say different things. */
async function differences(): Promise<string[]> {
  const { body } = await stripe(world, 'books?parts=payments');
  const { rows } = await world.db.pool.raw(
    'select provider_id as intent, amount_cents as amount, refunded_cents as refunded from payments',
  );
  const ours = new Map(
    rows.map((row: { intent: string; amount: number; refunded: number }) => [
      row.intent,
      `${row.amount} ${row.refunded}`,
    ]),
  );
  return body.payments
    .filter((of: Account) => ours.get(of.payment_intent) !== `${of.amount} ${of.refunded}`)
    .map(
      (of: Account) =>
        `${of.payment_intent}: ${of.amount} ${of.refunded}, here ${ours.get(of.payment_intent)}`,
    );
}

async function allQuiet(): Promise<void> {
  const open = `from outbox where done_at is null and dead_at is null`;
  await waitFor(async () => (await count(world, open)) === 0, {
    what: 'every message to be closed',
    timeoutMs: 300_000,
  });
}

test(`an hour of chance in miniature, ${orders} orders: our books are Stripe's, and no rule is broken`, async () => {
  const tiers = [{ name: 'Floor', price_cents: 2_500, capacity: 10_000, max_per_order: 3 }];
  const event = await sellEvent(world, { tiers });
  await setWeather(world, 'stripe', storm);
  const roll = dice(seed);
  let begun = 0;
  const paid: boolean[] = [];
  const crowd = Array.from({ length: buyers }, async () => {
    while (begun < orders) {
      begun += 1;
      paid.push(await liveThrough(world, event, roll));
    }
  });
  const mishaps: readonly (readonly [at: number, what: () => Promise<void>])[] = [
    [0.25, async () => await killed('ticketing')],
    [0.5, flushed],
    [0.75, async () => await killed('refunds')],
  ];
  for (const [at, mishap] of mishaps) {
    await waitFor(async () => begun > orders * at, {
      what: 'the hour to pass',
      timeoutMs: 600_000,
    });
    await mishap();
  }
  await Promise.all(crowd);
  await setWeather(world, 'stripe', {});
  await waitFor(async () => (await differences()).length === 0, {
    what: 'our payments to be those of Stripe',
    timeoutMs: 300_000,
  });
  await allQuiet();
  await balancesAgree(world);
  expect(await differences()).toEqual([]);
  expect(await violations(world)).toEqual([]);
  expect(await count(world, 'from payments')).toBe(paid.filter(Boolean).length);
  const dead = `from outbox where dead_at is not null`;
  expect(await count(world, dead)).toBe(0);
}, 1_200_000);
