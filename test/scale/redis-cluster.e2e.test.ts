import { type RedisCluster, startRedisCluster } from '@liventix/dev/testing/redis-cluster';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  count,
  orderBecomes,
  pay,
  placeOrder,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let cluster: RedisCluster;
let world: World;

beforeAll(async () => {
  cluster = await startRedisCluster();
  world = await startWorld({ databaseUrl: inject('databaseUrl'), redisUrl: cluster.url });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('a Redis Cluster of three masters carries sales, mails and sweeps', async () => {
  const event = await sellEvent(world);
  const placed = await Promise.all(
    Array.from({ length: 10 }, async () => await placeOrder(world, event, 1)),
  );
  await Promise.all(placed.map(async ({ sessionId }) => await pay(world, sessionId)));
  await Promise.all(placed.map(async (order) => await orderBecomes(world, order, 'fulfilled')));
  await waitFor(
    async () =>
      (await count(world, `from emails where status in ('sent', 'delivered')`)) === placed.length,
    { what: 'a mail for each order', timeoutMs: 120_000 },
  );
  await waitFor(async () => (await count(world, 'from outbox where done_at is null')) === 0, {
    what: 'every intent of the outbox done',
    timeoutMs: 120_000,
  });
});
