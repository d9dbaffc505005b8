import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { availabilityView } from '@liventix/contracts/api/events';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { insertEvent } from '@liventix/domain/events/repository';
import { setEventStatus } from '@liventix/domain/events/sale-repository';
import { migrations } from '@liventix/domain/migrations';
import type { Executor } from '@liventix/shared/db';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { openEventStream } from '@liventix/shared/testing/event-stream';
import { openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { buildApp } from '../app.ts';
import { loadConfig } from '../config.ts';
import { openDeps } from '../deps.ts';

/** Long enough for two readings of a healthy watcher, which are a quarter of a second apart. */
const quietMs = 700;
const page = 'https://shop.example';

let database: TestDatabase;
let running: AsyncDisposableStack;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  running = new AsyncDisposableStack();
});

afterEach(async () => {
  await running.disposeAsync();
  running = new AsyncDisposableStack();
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

interface Instance {
  readonly url: string;
  /** Queries for what is left that went to the database. */
  readonly asked: () => number;
  stop(): Promise<void>;
}

/** A checkout of its own, that counts what it asks the database. */
async function startCheckout(env: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const stack = running.use(new AsyncDisposableStack());
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    QUEUE_PREFIX: `{${randomUUID()}}`,
    RATE_LIMIT_PER_MINUTE: '0',
    TOKEN_SECRETS: 'k1:a-secret-of-at-least-thirty-two-characters',
    MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
    PUBLIC_URL: 'http://localhost',
    CORS_ORIGINS: page,
    LOG_LEVEL: 'silent',
    ...env,
  });
  const log = createLogger({ name: 'checkout', level: 'silent' });
  const deps = await openDeps(config, stack, log);
  let asked = 0;
  const pool: Executor = new Proxy(deps.db.pool, {
    get: (target, key) => {
      if (key !== 'raw') {
        return Reflect.get(target, key);
      }
      return (sql: string, bindings: object) => {
        asked += sql.includes('ticket_tiers') ? 1 : 0;
        return target.raw(sql, bindings as never);
      };
    },
  });
  const app = await buildApp({ ...deps, db: { ...deps.db, pool } });
  stack.defer(async () => await app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/events`,
    asked: () => asked,
    stop: async () => await app.close(),
  };
}

async function makeEvent(poolCapacity = 100): Promise<string> {
  const { db } = database;
  const slug = `event-${randomUUID()}`;
  const { organizationId } = await ensureOrganization(db.pool, { slug: 'house', name: 'House' });
  await db.inTransaction(async (tx) => {
    const eventId = await insertEvent(tx, {
      organizationId,
      slug,
      title: 'A night',
      venue: 'Hall',
      startsAt: new Date('2035-01-01T20:00:00Z'),
      endsAt: new Date('2035-01-01T23:00:00Z'),
      timezone: 'Europe/Zurich',
      locale: 'en',
      currency: 'eur',
      salesStartAt: null,
      salesEndAt: null,
      holdMinutes: 15,
      maxPerOrder: 20,
      tiers: ['Floor', 'Seat'].map((name) => ({
        name,
        priceCents: 2_500,
        capacity: 20,
        minPerOrder: 1,
        maxPerOrder: 10,
        salesStartAt: null,
        salesEndAt: null,
      })),
      pools: [{ name: 'Room', capacity: poolCapacity, tiers: ['Floor', 'Seat'] }],
    });
    await setEventStatus(tx, { eventId, to: 'on_sale', from: ['draft'] });
  });
  return slug;
}

async function setStatus(slug: string, status: string): Promise<void> {
  await database.db.pool.raw('update events set status = :status where slug = :slug', {
    slug,
    status,
  });
}

async function setCapacity(slug: string, capacity: number): Promise<void> {
  await database.db.pool.raw(
    `update ticket_tiers set capacity = :capacity
      where name = 'Floor' and event_id = (select id from events where slug = :slug)`,
    { slug, capacity },
  );
}

/** What is left, by tier, as an event or an answer tells it. */
function leftIn(view: { tiers: { available: number }[] }): number[] {
  return view.tiers.map(({ available }) => available);
}

const streamOf = (at: Instance, slug: string, headers?: Readonly<Record<string, string>>) =>
  openEventStream(`${at.url}/${slug}/availability/stream`, headers);

test('a page sees what is left at once, and then each change, as the plain answer has it', async () => {
  const checkout = await startCheckout();
  const slug = await makeEvent();
  const stream = await streamOf(checkout, slug, { origin: page });
  expect(stream.status).toBe(200);
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': page,
  });
  const first = await stream.event(1);
  expect(first).toMatchObject({ name: 'availability', data: { event: slug, status: 'on_sale' } });
  expect(leftIn(first.data)).toEqual([20, 20]);
  await setCapacity(slug, 12);
  const { data } = await stream.event(2);
  expect(leftIn(data)).toEqual([12, 20]);
  const answered = await fetch(`${checkout.url}/${slug}/availability`);
  const answer = availabilityView.parse(await answered.json());
  expect(availabilityView.strict().parse(data)).toEqual(data);
  expect({ ...answer, as_of: '' }).toEqual({ ...data, as_of: '' });
  expect(new Date(answer.as_of).getTime()).toBeGreaterThanOrEqual(new Date(data.as_of).getTime());
});

test('what is left is the least of a tier and its rooms', async () => {
  const checkout = await startCheckout();
  const slug = await makeEvent(15);
  const stream = await streamOf(checkout, slug);
  expect(leftIn((await stream.event(1)).data)).toEqual([15, 15]);
  await setCapacity(slug, 4);
  expect(leftIn((await stream.event(2)).data)).toEqual([4, 15]);
});

test('an event that is closed or cancelled says so, and nothing of it is on sale', async () => {
  const checkout = await startCheckout();
  const slug = await makeEvent();
  const stream = await streamOf(checkout, slug);
  expect((await stream.event(1)).data.tiers[0].on_sale).toBe(true);
  await setStatus(slug, 'closed');
  expect((await stream.event(2)).data).toMatchObject({
    status: 'closed',
    tiers: [{ on_sale: false }, { on_sale: false }],
  });
  await setStatus(slug, 'cancelled');
  expect((await stream.event(3)).data.status).toBe('cancelled');
  expect((await (await streamOf(checkout, slug)).event(1)).data.status).toBe('cancelled');
});

test('there is no stream of a draft, nor of an event that nobody made', async () => {
  const checkout = await startCheckout();
  const slug = await makeEvent();
  await setStatus(slug, 'draft');
  for (const unknown of [slug, 'nowhere', '%20', 'a'.repeat(290)]) {
    for (const path of ['availability', 'availability/stream']) {
      const answer = await fetch(`${checkout.url}/${unknown}/${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'event.not_found' });
    }
  }
});

test('thirty listeners cost as many queries as one, and none costs none', async () => {
  const checkout = await startCheckout();
  const slug = await makeEvent();
  await sleep(quietMs);
  expect(checkout.asked()).toBe(0);
  const open = Array.from({ length: 30 }, async () => await streamOf(checkout, slug));
  const streams = await Promise.all(open);
  await Promise.all(streams.map(async (stream) => await stream.event(1)));
  const [before, sinceMs] = [checkout.asked(), performance.now()];
  await waitFor(async () => checkout.asked() - before >= 4, { what: 'four readings' });
  // However long that took, one listener's are no more: four a second.
  const asked = checkout.asked() - before;
  expect(asked).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - sinceMs) / 250));
  for (const stream of streams) {
    stream.leave();
  }
  const isQuiet = async () => {
    const known = checkout.asked();
    await sleep(quietMs);
    return checkout.asked() === known;
  };
  await waitFor(isQuiet, { what: 'the queries to end' });
});

test('a hundred changes in two seconds are told at most four times a second', async () => {
  const checkout = await startCheckout();
  const slug = await makeEvent(1_000);
  const stream = await streamOf(checkout, slug);
  await stream.event(1);
  let left = 100;
  // A slow machine tells of fewer, and has more of them.
  while (left < 200 || stream.events.length < 6) {
    await setCapacity(slug, ++left);
    await sleep(18);
  }
  const isTold = async () => leftIn(stream.events.at(-1)?.data)[0] === left;
  await waitFor(isTold, { what: 'the last change' });
  const times = stream.events.map(({ data }) => new Date(data.as_of).getTime());
  expect(times.length).toBeGreaterThan(4);
  for (const [index, at] of times.slice(1).entries()) {
    expect(times.slice(index + 1).filter((other) => other - at < 1_000).length).toBeLessThan(5);
  }
});

test('two instances tell the same, and who comes back to the other one misses nothing', async () => {
  const [one, two] = [await startCheckout(), await startCheckout()];
  const slug = await makeEvent();
  const [here, there] = [await streamOf(one, slug), await streamOf(two, slug)];
  expect(leftIn((await there.event(1)).data)).toEqual(leftIn((await here.event(1)).data));
  await setCapacity(slug, 7);
  expect(leftIn((await here.event(2)).data)).toEqual([7, 20]);
  expect(leftIn((await there.event(2)).data)).toEqual([7, 20]);
  const { id } = await here.event(2);
  await one.stop();
  expect(await here.ended).toBe('complete');
  const back = await streamOf(two, slug, { 'last-event-id': id });
  await sleep(quietMs);
  expect(back.events).toEqual([]);
  await setCapacity(slug, 6);
  expect(leftIn((await back.event(1)).data)).toEqual([6, 20]);
  const stale = await streamOf(two, slug, { 'last-event-id': id });
  expect(leftIn((await stale.event(1)).data)).toEqual([6, 20]);
});

test('while the database is away, listeners stay, and hear what changed meanwhile', async () => {
  await using link = await openFlakyLink(database.url);
  const checkout = await startCheckout({ DATABASE_URL: link.url });
  const slug = await makeEvent();
  const stream = await streamOf(checkout, slug);
  await stream.event(1);
  link.cut();
  await setCapacity(slug, 3);
  await sleep(quietMs);
  expect(stream.events).toHaveLength(1);
  link.mend();
  expect(leftIn((await stream.event(2)).data)).toEqual([3, 20]);
  await running.disposeAsync();
  expect(await stream.ended).toBe('complete');
});

test('an address may open so many streams, and hears when to come back', async () => {
  const checkout = await startCheckout({ STREAMS_PER_ADDRESS_MAX: '1' });
  const slug = await makeEvent();
  const kept = await streamOf(checkout, slug);
  const refused = await fetch(`${checkout.url}/${slug}/availability/stream`);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'stream.too_many' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  kept.leave();
  await waitFor(async () => (await streamOf(checkout, slug)).status === 200, {
    what: 'the place to be free',
  });
});
