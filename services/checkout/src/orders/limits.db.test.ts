import { setBuyerLimit } from '@liventix/domain/events/sale-repository';
import type { Hold } from '@liventix/domain/inventory';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Deps } from '#deps';
import { checkOut, holdSeats, openCheckout, orderOf } from '#testing/checkout';
import { makeAccess, makePromo } from '#testing/codes';
import { sell, type TestSale } from '#testing/sale';
import { withoutGuard } from '#testing/stale-guard';

let stack: AsyncDisposableStack;
let database: TestDatabase;
let checkouts: Deps[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  database = stack.use(await createTestDatabase({ url: inject('databaseUrl'), migrations }));
  const urls = { database: database.url, redis: inject('redisUrl') };
  // Two instances of checkout.
  checkouts = [await openCheckout(urls, stack), await openCheckout(urls, stack)];
});

afterEach(async () => await stack.disposeAsync());

interface Rush {
  readonly sale: TestSale;
  readonly quantity?: number;
  readonly accessCode?: string;
  readonly promo?: string;
  readonly emailOf: (buyer: number) => string;
}

const someone = (buyer: number) => `buyer${buyer}@example.com`;

/** One person, however the address is written. */
const ada = (buyer: number) =>
  [`Ada.L+${buyer}@Gmail.com`, 'a.d.a.l@gmail.com', `adal+x${buyer}@googlemail.com`][buyer % 3] ??
  '';

/** Two hundred holds go to checkout at once, at both instances by turns. */
async function rush(want: Rush): Promise<Map<string, Hold[]>> {
  const { sale, accessCode } = want;
  const [first] = checkouts;
  if (first === undefined) {
    throw new Error('no instance of checkout');
  }
  const holds = await Promise.all(
    Array.from({ length: 200 }, async () =>
      holdSeats(first, sale, {
        basket: [[0, want.quantity ?? 1]],
        ...(accessCode !== undefined && { accessCode }),
      }),
    ),
  );
  const settled = await Promise.allSettled(
    holds.map(async (hold, buyer) => {
      const outcome = await checkOut(checkouts[buyer % checkouts.length] ?? first, hold, {
        email: want.emailOf(buyer),
        ...(want.promo !== undefined && { promo: want.promo }),
      });
      return { hold, outcome };
    }),
  );
  const answers = settled.map((answer) => {
    if (answer.status === 'rejected') {
      throw answer.reason;
    }
    return answer.value;
  });
  const byOutcome = Map.groupBy(answers, ({ outcome }) => outcome);
  return new Map([...byOutcome].map(([outcome, all]) => [outcome, all.map(({ hold }) => hold)]));
}

const sizes = (outcomes: Map<string, Hold[]>) =>
  Object.fromEntries([...outcomes].map(([outcome, holds]) => [outcome, holds.length]));

async function number(query: string, id: string): Promise<number> {
  const { rows } = await database.db.pool.raw(query, { id });
  return rows[0].n;
}

const usesOf = {
  promo: async (id: string) => await number('select used as n from promo_codes where id = :id', id),
  access: async (id: string) =>
    await number('select used as n from access_codes where id = :id', id),
  tickets: async (sale: TestSale) =>
    await number(
      'select sum(tickets)::int as n from buyer_limits where event_id = :id',
      sale.eventId,
    ),
};

/** Who was refused has no order, and the seats still: another code, or none, may be tried. */
async function expectHoldsStay(refused: readonly Hold[]): Promise<void> {
  const ids = refused.map((hold) => hold.id);
  const { rows } = await database.db.pool.raw(
    `select count(*)::int as n from ticket_holds
      where id = any (:ids::uuid[]) and status = 'active' and order_id is null`,
    { ids },
  );
  expect(rows[0].n).toBe(ids.length);
}

describe('two hundred at once', () => {
  test('use a promo code exactly as often as it may be used in all', async () => {
    const sale = await sell(database.db, { capacities: [1_000] });
    const promo = await makePromo(database.db, sale, { maxRedemptions: 50 });
    const outcomes = await rush({ sale, promo: promo.code, emailOf: someone });
    expect(sizes(outcomes)).toEqual({ placed: 50, 'promo.exhausted': 150 });
    expect(await usesOf.promo(promo.id)).toBe(50);
    expect(
      await number(
        `select count(*)::int as n from orders
          where promo_code_id = :id and discount_cents = 250 and total_cents = 2250`,
        promo.id,
      ),
    ).toBe(50);
    await expectHoldsStay(outcomes.get('promo.exhausted') ?? []);
  });

  test('of one person use it exactly as often as each may', async () => {
    const sale = await sell(database.db, { capacities: [1_000] });
    const promo = await makePromo(database.db, sale, { maxRedemptions: 150, maxPerBuyer: 7 });
    const outcomes = await rush({ sale, promo: promo.code, emailOf: ada });
    expect(sizes(outcomes)).toEqual({ placed: 7, 'promo.buyer_limit_reached': 193 });
    expect(await usesOf.promo(promo.id)).toBe(7);
    await expectHoldsStay(outcomes.get('promo.buyer_limit_reached') ?? []);
  });

  test('of one person have no more tickets than a buyer may, in whole orders', async () => {
    const sale = await sell(database.db, { capacities: [1_000], maxPerBuyer: 50 });
    const outcomes = await rush({ sale, quantity: 3, emailOf: ada });
    expect(sizes(outcomes)).toEqual({ placed: 16, 'buyer.limit_reached': 184 });
    expect(await usesOf.tickets(sale)).toBe(48);
    await expectHoldsStay(outcomes.get('buyer.limit_reached') ?? []);
  });

  test('use an access code exactly as often as it may be used', async () => {
    const sale = await sell(database.db, { capacities: [1_000], hidden: [0] });
    const access = await makeAccess(database.db, sale, { tiers: [0], maxUses: 20 });
    const outcomes = await rush({ sale, accessCode: access.code, emailOf: someone });
    expect(sizes(outcomes)).toEqual({ placed: 20, 'access_code.exhausted': 180 });
    expect(await usesOf.access(access.id)).toBe(20);
    await expectHoldsStay(outcomes.get('access_code.exhausted') ?? []);
  });

  test('with all the limits of different sizes: each is kept, no deadlock reaches a buyer', async () => {
    const sale = await sell(database.db, { capacities: [1_000], hidden: [0], maxPerBuyer: 5 });
    const access = await makeAccess(database.db, sale, { tiers: [0], maxUses: 90 });
    const promo = await makePromo(database.db, sale, { maxRedemptions: 60, maxPerBuyer: 4 });
    const outcomes = await rush({
      sale,
      accessCode: access.code,
      promo: promo.code,
      emailOf: (buyer) => someone(buyer % 10),
    });
    expect(sizes(outcomes)).toEqual({ placed: 40, 'promo.buyer_limit_reached': 160 });
    expect(await usesOf.promo(promo.id)).toBe(40);
    expect(await usesOf.access(access.id)).toBe(40);
  });
});

test('a buyer limit that is set during the sale counts what was bought before', async () => {
  const sale = await sell(database.db, { capacities: [100] });
  const [first] = checkouts;
  if (first === undefined) {
    throw new Error('no instance of checkout');
  }
  const buy = async () => {
    const hold = await holdSeats(first, sale, { basket: [[0, 2]] });
    return { hold, outcome: await checkOut(first, hold, { email: 'ada@example.com' }) };
  };
  expect((await buy()).outcome).toBe('placed');
  expect((await buy()).outcome).toBe('placed');
  await database.db.inTransaction(
    async (tx) => await setBuyerLimit(tx, { eventId: sale.eventId, maxPerBuyer: 5 }),
  );
  const refused = await buy();
  expect(refused.outcome).toBe('buyer.limit_reached');
  expect(await orderOf(first, refused.hold)).toBeUndefined();
  await database.db.inTransaction(
    async (tx) => await setBuyerLimit(tx, { eventId: sale.eventId, maxPerBuyer: null }),
  );
  expect(await checkOut(first, refused.hold, { email: 'ada@example.com' })).toBe('placed');
});

// A condition that reads the count in a subquery judges by the snapshot from before its wait.
describe('negative controls: the same rush with a condition that reads first', () => {
  function weaken(guard: string, by: string): () => number {
    const swaps = checkouts.map((deps) => withoutGuard(deps.db, { guard, by }));
    checkouts = checkouts.map((deps, at) => ({ ...deps, db: swaps[at] ?? deps.db }));
    return () => swaps.reduce((sum, swap) => sum + swap.swapped(), 0);
  }

  test('and without its CHECK, a promo code is used too often', async () => {
    const swapped = weaken(
      'used < max_redemptions',
      '(select q.used from promo_codes q where q.id = promo_codes.id) < max_redemptions',
    );
    await database.db.pool.raw(
      'alter table promo_codes drop constraint promo_codes_never_exceeded',
    );
    const sale = await sell(database.db, { capacities: [1_000] });
    const promo = await makePromo(database.db, sale, { maxRedemptions: 50 });
    const outcomes = await rush({ sale, promo: promo.code, emailOf: someone });
    expect(outcomes.get('placed')?.length).toBeGreaterThan(50);
    expect(await usesOf.promo(promo.id)).toBeGreaterThan(50);
    expect(swapped()).toBeGreaterThanOrEqual(200);
  });

  test('and with its CHECK, nobody gets through who should not', async () => {
    weaken(
      'used < max_redemptions',
      '(select q.used from promo_codes q where q.id = promo_codes.id) < max_redemptions',
    );
    const sale = await sell(database.db, { capacities: [1_000] });
    const promo = await makePromo(database.db, sale, { maxRedemptions: 50 });
    await expect(rush({ sale, promo: promo.code, emailOf: someone })).rejects.toMatchObject({
      constraint: 'promo_codes_never_exceeded',
    });
    expect(await usesOf.promo(promo.id)).toBeLessThanOrEqual(50);
  });

  // The code's own lock makes these wait for each other, so nothing but the condition stops them.
  test('or with none, one person uses a promo code too often', async () => {
    const swapped = weaken('b.used < :max::integer', 'true');
    const sale = await sell(database.db, { capacities: [1_000] });
    const promo = await makePromo(database.db, sale, { maxPerBuyer: 7 });
    expect((await rush({ sale, promo: promo.code, emailOf: ada })).get('placed')).toHaveLength(200);
    expect(swapped()).toBeGreaterThanOrEqual(200);
  });

  test('one person has too many tickets', async () => {
    const swapped = weaken(
      'b.tickets + excluded.tickets <= :limit::integer',
      `coalesce((select q.tickets from buyer_limits q
                  where q.event_id = b.event_id and q.buyer_key = b.buyer_key), 0)
         + excluded.tickets <= :limit::integer`,
    );
    const sale = await sell(database.db, { capacities: [1_000], maxPerBuyer: 50 });
    await rush({ sale, quantity: 3, emailOf: ada });
    expect(await usesOf.tickets(sale)).toBeGreaterThan(50);
    expect(swapped()).toBeGreaterThanOrEqual(200);
  });

  test('and without its CHECK, an access code is used too often', async () => {
    const swapped = weaken(
      'used < max_uses',
      '(select q.used from access_codes q where q.id = access_codes.id) < max_uses',
    );
    await database.db.pool.raw(
      'alter table access_codes drop constraint access_codes_never_exceeded',
    );
    const sale = await sell(database.db, { capacities: [1_000], hidden: [0] });
    const access = await makeAccess(database.db, sale, { tiers: [0], maxUses: 20 });
    await rush({ sale, accessCode: access.code, emailOf: someone });
    expect(await usesOf.access(access.id)).toBeGreaterThan(20);
    expect(swapped()).toBeGreaterThanOrEqual(200);
  });
});
