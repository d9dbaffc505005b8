import { randomUUID } from 'node:crypto';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { insertEvent, listTiers } from '@liventix/domain/events/repository';
import { setEventStatus } from '@liventix/domain/events/sale-repository';
import { migrations } from '@liventix/domain/migrations';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { giveBackHold } from './give-back-hold.ts';
import { placeHold } from './place-hold.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function makeEvent(capacity: number, poolCapacity?: number) {
  const { db } = database;
  const slug = `event-${randomUUID()}`;
  const { organizationId } = await ensureOrganization(db.pool, { slug: 'house', name: 'House' });
  const eventId = await db.inTransaction(async (tx) => {
    const id = await insertEvent(tx, {
      organizationId,
      slug,
      title: 'A night',
      venue: 'Hall',
      startsAt: new Date('2030-01-01T20:00:00Z'),
      endsAt: new Date('2030-01-01T23:00:00Z'),
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
        capacity,
        minPerOrder: 1,
        maxPerOrder: 10,
        salesStartAt: null,
        salesEndAt: null,
      })),
      pools:
        poolCapacity === undefined
          ? []
          : [{ name: 'Room', capacity: poolCapacity, tiers: ['Floor', 'Seat'] }],
    });
    await setEventStatus(tx, { eventId: id, to: 'on_sale', from: ['draft'] });
    return id;
  });
  const tiers = await listTiers(db.pool, [eventId]);
  return { slug, eventId, tierIds: tiers.map((tier) => tier.tierId) };
}

function request(event: string, items: { tier: string; quantity: number }[]) {
  const body = { event, items };
  return { body, idempotencyKey: randomUUID(), requestHash: requestHash(body) };
}

test('fifty buyers at once take exactly the twenty seats there are', async () => {
  const { slug, eventId, tierIds } = await makeEvent(20);
  const [tier = ''] = tierIds;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () => placeHold(database, request(slug, [{ tier, quantity: 1 }]))),
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
  const { slug, tierIds } = await makeEvent(20, 15);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) =>
      placeHold(database, request(slug, [{ tier: tierIds[n % 2] ?? '', quantity: 1 }])),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(15);
});

test('the same key gives the same hold, also at the same moment', async () => {
  const { slug, eventId, tierIds } = await makeEvent(20);
  const twin = request(slug, [{ tier: tierIds[0] ?? '', quantity: 2 }]);
  const holds = await Promise.all(Array.from({ length: 5 }, () => placeHold(database, twin)));
  expect(new Set(holds.map((hold) => hold.id)).size).toBe(1);
  expect((await listTiers(database.db.pool, [eventId]))[0]?.available).toBe(18);
  await expect(placeHold(database, { ...twin, requestHash: 'f'.repeat(64) })).rejects.toMatchObject(
    { code: 'idempotency.key_reused' },
  );
});

test('seats given back can be bought again', async () => {
  const { slug, eventId, tierIds } = await makeEvent(2);
  const basket = [{ tier: tierIds[0] ?? '', quantity: 2 }];
  const hold = await placeHold(database, request(slug, basket));
  expect((await giveBackHold(database, hold.id))?.status).toBe('released');
  expect((await giveBackHold(database, hold.id))?.status).toBe('released');
  expect((await listTiers(database.db.pool, [eventId]))[0]?.available).toBe(2);
  expect((await placeHold(database, request(slug, basket))).status).toBe('active');
});

test('without the lock and the check, the same race would oversell (negative control)', async () => {
  const { eventId, tierIds } = await makeEvent(5);
  const { db } = database;
  await db.pool.raw('create table naive (tier uuid)');
  await Promise.all(
    Array.from({ length: 20 }, () =>
      db.inTransaction(async (tx) => {
        const { rows } = await tx.raw('select count(*)::int as sold from naive');
        if (rows[0].sold < 5) {
          await tx.raw('insert into naive values (:tier)', { tier: tierIds[0] ?? '' });
        }
      }),
    ),
  );
  const { rows } = await db.pool.raw('select count(*)::int as sold from naive');
  expect(rows[0].sold).toBeGreaterThan(5);
  expect((await listTiers(db.pool, [eventId]))[0]?.available).toBe(5);
});
