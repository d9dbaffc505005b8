import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  type Answer,
  http,
  type SoldEvent,
  sellEvent,
  startWorld,
  type World,
} from '#support/world';

let world: World;
let redis: Redis;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { HELD_SEATS_PER_CLIENT: '40', TRUSTED_PROXIES: '127.0.0.1' },
  });
  redis = new Redis(world.stack.redisUrl);
});
afterAll(async () => {
  redis?.disconnect();
  await world[Symbol.asyncDispose]();
});

async function hold(event: SoldEvent, quantity: number, address: string): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/holds`, {
    method: 'POST',
    headers: { 'idempotency-key': randomUUID(), 'x-forwarded-for': address },
    body: { event: event.slug, items: [{ tier: event.tierIds[0], quantity }] },
  });
}

const [greedyOne, other] = ['192.0.2.1', '192.0.2.2'];

interface Rush {
  readonly event: SoldEvent;
  /** Of who holds everything: fifty times at once, then after one was given back, then one more. */
  readonly greedy: readonly Answer[];
  readonly again: Answer;
  readonly more: Answer;
  readonly others: Answer;
}

async function rush(): Promise<Rush> {
  const event = await sellEvent(world);
  const greedy = await Promise.all(
    Array.from({ length: 50 }, async () => await hold(event, 4, greedyOne)),
  );
  const others = await hold(event, 4, other);
  const first = greedy.find(({ status }) => status === 201);
  await http(`${world.stack.urls.checkout}/v1/holds/${first?.body.id}`, {
    method: 'DELETE',
    token: first?.body.token,
    headers: { 'x-forwarded-for': greedyOne },
  });
  const again = await hold(event, 4, greedyOne);
  return { event, greedy, others, again, more: await hold(event, 1, greedyOne) };
}

const seatsOf = (answers: readonly Answer[], quantity: number) =>
  answers.filter(({ status }) => status === 201).length * quantity;

/** Whether Redis has counted what was held; one that is slow for a moment lets checkout count alone. */
async function isCounted({ event, greedy, others, again, more }: Rush): Promise<boolean> {
  const counted = async (address: string) =>
    Number(await redis.get(`held:${event.slug}:${address}`));
  const held = seatsOf([...greedy, again], 4) - 4 + seatsOf([more], 1);
  return (await counted(greedyOne)) === held && (await counted(other)) === seatsOf([others], 4);
}

test('a client that holds everything and never pays gets its share, and others buy', async () => {
  const { greedy, others, again, more } = await waitFor(
    async () => {
      const done = await rush();
      return (await isCounted(done)) ? done : undefined;
    },
    { what: 'Redis to count all of a rush', timeoutMs: 120_000 },
  );
  expect(seatsOf(greedy, 4)).toBe(40);
  const refusal = greedy.find(({ status }) => status !== 201);
  expect(refusal).toMatchObject({ status: 429, body: { code: 'client.share_used' } });
  expect(Number(refusal?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(others.status).toBe(201);
  expect(again.status).toBe(201);
  expect(more.status).toBe(429);
});
