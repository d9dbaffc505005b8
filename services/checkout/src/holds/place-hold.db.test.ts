import { randomUUID } from 'node:crypto';
import { listTiers } from '@liventix/domain/events/repository';
import { migrations } from '@liventix/domain/migrations';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openDesk, sell } from '#testing/sale';
import { giveBackHold } from './give-back-hold.ts';
import { type PlaceHoldDeps, placeHold } from './place-hold.ts';

let database: TestDatabase;
let deps: PlaceHoldDeps;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  deps = openDesk(database.db);
});

afterAll(async () => {
  await deps.holdDesk.close();
  await database[Symbol.asyncDispose]();
});

function request(event: string, items: { tier: string; quantity: number }[]) {
  const body = { event, items };
  return { body, idempotencyKey: randomUUID(), requestHash: requestHash(body) };
}

test('fifty buyers at once take exactly the twenty seats there are', async () => {
  const { slug, eventId, tierIds } = await sell(database.db, { capacities: [20, 20] });
  const [tier = ''] = tierIds;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () => placeHold(deps, request(slug, [{ tier, quantity: 1 }]))),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(20);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      expect(outcome.reason).toMatchObject({ code: 'inventory.sold_out' });
    }
  }
  expect((await listTiers(database.db.pool, [eventId]))[0]?.available).toBe(0);
});

test('a room shared by two tiers is never filled beyond its size', async () => {
  const { slug, tierIds } = await sell(database.db, {
    capacities: [20, 20],
    pools: [{ capacity: 15, tiers: [0, 1] }],
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) =>
      placeHold(deps, request(slug, [{ tier: tierIds[n % 2] ?? '', quantity: 1 }])),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(15);
});

test('the same key gives the same hold, also at the same moment', async () => {
  const { slug, eventId, tierIds } = await sell(database.db, { capacities: [20, 20] });
  const twin = request(slug, [{ tier: tierIds[0] ?? '', quantity: 2 }]);
  const holds = await Promise.all(Array.from({ length: 5 }, () => placeHold(deps, twin)));
  expect(new Set(holds.map(({ hold }) => hold.id)).size).toBe(1);
  expect((await listTiers(database.db.pool, [eventId]))[0]?.available).toBe(18);
  await expect(placeHold(deps, { ...twin, requestHash: 'f'.repeat(64) })).rejects.toMatchObject({
    code: 'idempotency.key_reused',
  });
});

test('seats given back can be bought again', async () => {
  const { slug, eventId, tierIds } = await sell(database.db, { capacities: [2, 2] });
  const basket = [{ tier: tierIds[0] ?? '', quantity: 2 }];
  const { hold } = await placeHold(deps, request(slug, basket));
  expect((await giveBackHold(deps, hold.id))?.status).toBe('released');
  expect((await giveBackHold(deps, hold.id))?.status).toBe('released');
  expect((await listTiers(database.db.pool, [eventId]))[0]?.available).toBe(2);
  expect((await placeHold(deps, request(slug, basket))).hold.status).toBe('active');
});
