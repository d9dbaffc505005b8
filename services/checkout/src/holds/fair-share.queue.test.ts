import { randomUUID } from 'node:crypto';
import type { PlaceHoldBody } from '@liventix/contracts/api/holds';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import { type FlakyLink, openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { FairShare } from './fair-share.ts';

const address = '192.0.2.7';

let link: FlakyLink;
/** Patient, unlike a service's own: one that is merely slow is not away in these tests. */
let redis: RedisClient;
let impatient: RedisClient;
let event: string;

beforeEach(async () => {
  link = await openFlakyLink(inject('redisUrl'));
  redis = await connect('worker');
  impatient = await connect('lock');
  event = randomUUID();
});
afterEach(async () => {
  redis.disconnect();
  impatient.disconnect();
  await link[Symbol.asyncDispose]();
});

async function connect(role: 'worker' | 'lock'): Promise<RedisClient> {
  const client = connectRedis({ url: link.url, role, onError: () => undefined });
  await new Promise((resolve) => client.once('ready', resolve));
  return client;
}

function basket(quantity: number): PlaceHoldBody {
  return { event, items: [{ tier: randomUUID(), quantity }] };
}

/** What became of each of these baskets: held, or the code of the refusal. */
async function ask(shares: readonly FairShare[], quantities: readonly number[], from = address) {
  const place = async () => ({ isNew: true });
  const asked = quantities.map(
    async (quantity, at) =>
      await shares[at % shares.length]
        ?.within({ body: basket(quantity), address: from }, place)
        .then(
          () => 'held',
          (error) => error.code,
        ),
  );
  return await Promise.all(asked);
}

function held(outcomes: readonly unknown[]): number {
  return outcomes.filter((outcome) => outcome === 'held').length;
}

test('a client that asks several instances at once gets its share once, and others theirs', async () => {
  const instances = [1, 2, 3].map(() => new FairShare(redis, { seats: 20 }));
  const outcomes = await ask(instances, Array(60).fill(2));
  expect(held(outcomes)).toBe(10);
  expect(new Set(outcomes)).toEqual(new Set(['held', 'client.share_used']));
  expect(await ask(instances, [20], '192.0.2.8')).toEqual(['held']);
});

test('a basket that is refused, or came of the same key, counts nothing', async () => {
  const share = new FairShare(redis, { seats: 5 });
  const asking = { body: basket(5), address };
  for (let n = 0; n < 3; n += 1) {
    await share.within(asking, async () => ({ isNew: false }));
    await expect(
      share.within(asking, async () => await Promise.reject(new Error('sold out'))),
    ).rejects.toThrow('sold out');
    expect(await ask([share], [6])).toEqual(['client.share_used']);
  }
  expect(await ask([share], [5])).toEqual(['held']);
});

test('seats given back may be held again', async () => {
  const share = new FairShare(redis, { seats: 5 });
  expect(await ask([share], [5, 1])).toEqual(['held', 'client.share_used']);
  await share.giveBack({ event, address, seats: 5 });
  expect(await ask([share], [5])).toEqual(['held']);
});

test('one network of IPv6 is one client', async () => {
  const share = new FairShare(redis, { seats: 5 });
  expect(await ask([share], [5], '2001:db8:1:2::1')).toEqual(['held']);
  expect(await ask([share], [1], '2001:db8:1:2:ffff::9')).toEqual(['client.share_used']);
});

test.each(['cut', 'freeze'] as const)(
  'with Redis away (%s) each instance lets a quarter through',
  async (fault) => {
    const share = new FairShare(impatient, { seats: 20 });
    link[fault]();
    const outcomes = await ask([share], Array(20).fill(1));
    expect(held(outcomes)).toBe(5);
  },
);
