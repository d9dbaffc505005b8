import { randomUUID, randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ensureOrganization } from '#access/access-repository';
import { countTickets, giveBackTickets } from '#buyers/buyer-limit-repository';
import { insertEvent, listTiers } from '#events/event-repository';
import { insertHolds } from '#inventory/inventory-repository';
import { migrations } from '#migrations';
import { insertOrder, lockOrder, setOrderDiscount } from '#orders/order-repository';
import { insertAccessCode, insertAccessUses, reserveAccess } from './access-repository.ts';
import { giveBackClaims, keepClaims, retakeClaims } from './claims-repository.ts';
import { findPromoCode, insertPromoCode } from './promo-repository.ts';
import { reservePromo } from './redemption-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

interface Sold {
  readonly eventId: string;
  readonly organizationId: string;
  readonly tierId: string;
}

async function sell(): Promise<Sold> {
  const { db } = database;
  const { organizationId } = await ensureOrganization(db.pool, { slug: 'house', name: 'House' });
  const eventId = await db.inTransaction(
    async (tx) =>
      await insertEvent(tx, {
        organizationId,
        slug: `event-${randomUUID()}`,
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
        tiers: [
          {
            name: 'Floor',
            priceCents: 2_500,
            capacity: 10_000,
            minPerOrder: 1,
            maxPerOrder: 10,
            salesStartAt: null,
            salesEndAt: null,
          },
        ],
        pools: [],
      }),
  );
  const [tier] = await listTiers(db.pool, [eventId]);
  return { eventId, organizationId, tierId: tier?.tierId ?? '' };
}

/** Pending orders of one ticket each, by these buyers. */
async function order(sold: Sold, buyers: readonly string[]): Promise<string[]> {
  const { eventId, organizationId, tierId } = sold;
  const holds = buyers.map((buyer) => ({ id: randomUUIDv7(), buyer }));
  return await database.db.inTransaction(async (tx) => {
    await insertHolds(
      tx,
      { id: eventId, organizationId },
      holds.map(({ id }) => ({
        id,
        items: [{ tierId, tierName: 'Floor', quantity: 1, unitPriceCents: 2_500 }],
        deadline: new Date('2034-01-01T00:00:00Z'),
      })),
    );
    const orderIds: string[] = [];
    for (const { id, buyer } of holds) {
      orderIds.push(
        await insertOrder(tx, {
          organizationId,
          eventId,
          holdId: id,
          locale: 'en',
          currency: 'eur',
          buyer: { name: 'Ada', email: buyer, key: buyer },
          checkout: { key: randomUUID(), hash: 'f'.repeat(64) },
        }),
      );
    }
    return orderIds;
  });
}

async function makePromo(sold: Sold, limits: { all?: number; perBuyer?: number } = {}) {
  const code = `C${randomUUID().slice(0, 8)}`;
  const promoCodeId = await database.db.inTransaction(
    async (tx) =>
      await insertPromoCode(tx, {
        ...sold,
        code,
        discount: { kind: 'percent', percent: 10 },
        tierIds: [],
        startsAt: null,
        endsAt: null,
        maxRedemptions: limits.all ?? null,
        maxPerBuyer: limits.perBuyer ?? null,
      }),
  );
  return { code, promoCodeId: promoCodeId ?? '' };
}

async function one(query: string, bindings: Record<string, string>) {
  const { rows } = await database.db.pool.raw(query, bindings);
  return rows[0];
}

const usedOf = async (promoCodeId: string) =>
  await one('select used, taken_late as late from promo_codes where id = :promoCodeId', {
    promoCodeId,
  });

const ticketsOf = async (eventId: string, buyer: string) =>
  (
    await one('select tickets from buyer_limits where event_id = :eventId and buyer_key = :buyer', {
      eventId,
      buyer,
    })
  )?.tickets;

describe('what an order has claimed', () => {
  const buyer = 'ada@example.com';

  /** An order with a promo code, a use of an access code and a counted ticket. */
  async function claim(limits: { all?: number; perBuyer?: number } = {}) {
    const sold = await sell();
    const promo = await makePromo(sold, limits);
    const [orderId = ''] = await order(sold, [buyer]);
    const { holdId } = await one('select hold_id as "holdId" from orders where id = :orderId', {
      orderId,
    });
    const accessCodeId = await database.db.inTransaction(async (tx) => {
      const id = await insertAccessCode(tx, {
        ...sold,
        code: promo.code,
        tierIds: [sold.tierId],
        startsAt: null,
        endsAt: null,
        maxUses: 1,
      });
      await insertAccessUses(tx, [{ holdId, accessCodeId: id ?? '' }]);
      return id ?? '';
    });
    const redeeming = { orderId, eventId: sold.eventId, code: promo.code, buyerKey: buyer };
    const take = async () =>
      await database.db.inTransaction(async (tx) => {
        await lockOrder(tx, orderId);
        expect(await reservePromo(tx, redeeming)).toBe('reserved');
        await setOrderDiscount(tx, {
          orderId,
          promoCodeId: promo.promoCodeId,
          lines: [{ tierId: sold.tierId, discountCents: 250 }],
        });
        expect(await reserveAccess(tx, { holdId, orderId })).toBe(true);
        const counted = { orderId, eventId: sold.eventId, buyerKey: buyer, tickets: 1 };
        expect(await countTickets(tx, counted, 4)).toEqual({ kind: 'counted' });
      });
    await take();
    return { sold, promo, orderId, accessCodeId, holdId, take };
  }

  type Claimed = Awaited<ReturnType<typeof claim>>;

  async function countersOf({ sold, promo, accessCodeId, orderId }: Claimed) {
    return {
      promo: await usedOf(promo.promoCodeId),
      access: await one('select used, taken_late as late from access_codes where id = :id', {
        id: accessCodeId,
      }),
      perBuyer: (
        await one('select used from promo_buyers where promo_code_id = :id', {
          id: promo.promoCodeId,
        })
      ).used,
      tickets: await ticketsOf(sold.eventId, buyer),
      counted: (
        await one('select counted_tickets as n from orders where id = :orderId', { orderId })
      ).n,
    };
  }

  const once = { used: 1, late: 0 };
  const held = { promo: once, access: once, perBuyer: 1, tickets: 1, counted: 1 };
  const never = { used: 0, late: 0 };
  const free = { promo: never, access: never, perBuyer: 0, tickets: 0, counted: 0 };

  async function tenTimes(work: (tx: Transaction) => Promise<void>) {
    await Promise.all(Array.from({ length: 10 }, () => database.db.inTransaction(work)));
  }

  test('is given back once, by however many at the same moment', async () => {
    const claimed = await claim();
    expect(await countersOf(claimed)).toEqual(held);
    await tenTimes(async (tx) => await giveBackClaims(tx, claimed.orderId));
    expect(await countersOf(claimed)).toEqual(free);
  });

  test('can be taken again by the same order', async () => {
    const claimed = await claim({ all: 1, perBuyer: 1 });
    await database.db.inTransaction(async (tx) => await giveBackClaims(tx, claimed.orderId));
    await claimed.take();
    expect(await countersOf(claimed)).toEqual(held);
  });

  test('stays when it is paid, and is given back when it is refunded', async () => {
    const claimed = await claim();
    await tenTimes(async (tx) => await keepClaims(tx, claimed.orderId));
    expect(await countersOf(claimed)).toEqual(held);
    const { state } = await one('select state from promo_redemptions where order_id = :id', {
      id: claimed.orderId,
    });
    expect(state).toBe('kept');
    await tenTimes(async (tx) => await giveBackClaims(tx, claimed.orderId));
    expect(await countersOf(claimed)).toEqual(free);
  });

  test('is taken again by late money beyond every limit, and counted once', async () => {
    const claimed = await claim({ all: 1, perBuyer: 1 });
    const { sold, promo, orderId } = claimed;
    await database.db.inTransaction(async (tx) => await giveBackClaims(tx, orderId));
    const [otherId = ''] = await order(sold, [buyer]);
    const other = { orderId: otherId, eventId: sold.eventId, code: promo.code, buyerKey: buyer };
    await database.db.inTransaction(async (tx) => {
      expect(await reservePromo(tx, other)).toBe('reserved');
    });
    await tenTimes(async (tx) => {
      await lockOrder(tx, orderId);
      await retakeClaims(tx, orderId);
    });
    expect(await countersOf(claimed)).toEqual({
      promo: { used: 2, late: 1 },
      access: { used: 1, late: 1 },
      perBuyer: 2,
      tickets: 1,
      counted: 1,
    });
    const [thirdId = ''] = await order(sold, ['bob@example.com']);
    await database.db.inTransaction(async (tx) => {
      const third = { ...other, orderId: thirdId, buyerKey: 'bob@example.com' };
      expect(await reservePromo(tx, third)).toBe('exhausted');
    });
    await tenTimes(async (tx) => await giveBackClaims(tx, orderId));
    expect(await countersOf(claimed)).toEqual({
      ...free,
      promo: { used: 1, late: 0 },
      perBuyer: 1,
    });
  });

  test('gives single tickets back, never more than it has', async () => {
    const claimed = await claim();
    const { orderId } = claimed;
    await tenTimes(async (tx) => await giveBackTickets(tx, { orderId, tickets: 1 }));
    expect(await countersOf(claimed)).toEqual({ ...held, tickets: 0, counted: 0 });
  });

  test('a code is found in whatever case, and nobody else has it twice', async () => {
    const sold = await sell();
    const { code } = await makePromo(sold);
    const { pool } = database.db;
    for (const typed of [code.toUpperCase(), code.toLowerCase()]) {
      expect((await findPromoCode(pool, { eventId: sold.eventId, code: typed }))?.code).toBe(code);
    }
    const again = { ...sold, code: code.toLowerCase(), tierIds: [], startsAt: null, endsAt: null };
    await expect(
      database.db.inTransaction(
        async (tx) =>
          await insertPromoCode(tx, {
            ...again,
            discount: { kind: 'amount', amountCents: 100 },
            maxRedemptions: null,
            maxPerBuyer: null,
          }),
      ),
    ).rejects.toMatchObject({ constraint: 'promo_codes_code' });
  });
});
