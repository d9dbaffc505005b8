import { serviceNames } from '@liventix/dev/services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  orderBecomes,
  pay,
  placeOrder,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

const instances = 3;
const orders = 30;

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl'), instances });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

test('three of each service sell together, and one of each may die', async () => {
  const event = await sellEvent(world);
  const placed = await Promise.all(
    Array.from({ length: orders }, async () => await placeOrder(world, event, 1)),
  );
  const paying = placed.map(async ({ sessionId }) => await pay(world, sessionId));
  const { supervisor } = world.stack;
  for (const service of serviceNames) {
    supervisor.signal(`${service}-${instances}`, 'SIGKILL');
  }
  await Promise.all(paying);
  const fulfilled = await Promise.all(
    placed.map(async (order) => await orderBecomes(world, order, 'fulfilled')),
  );
  const serials = fulfilled.map((order) => order.tickets[0].serial).sort();
  expect(new Set(serials).size).toBe(orders);
  expect(serials.at(-1)).toBe(String(orders).padStart(6, '0'));
});

test('more than one instance took jobs', async () => {
  const redis = new Redis(world.stack.redisUrl);
  try {
    const keys = await redis.keys('{liventix}:ticketing:????????-*');
    const takers = await Promise.all(keys.map(async (key) => await redis.hget(key, 'pb')));
    expect(new Set(takers.filter((taker) => taker !== null)).size).toBeGreaterThan(1);
  } finally {
    redis.disconnect();
  }
});
