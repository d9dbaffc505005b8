import { endHold } from '@liventix/domain/inventory/ending-repository';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Deps } from '#deps';
import { checkOut, holdSeats, openCheckout, orderOf } from '#testing/checkout';
import { makeAccess, makePromo } from '#testing/codes';
import { sell } from '#testing/sale';

let stack: AsyncDisposableStack;
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  database = stack.use(await createTestDatabase({ url: inject('databaseUrl'), migrations }));
  deps = await openCheckout({ database: database.url, redis: inject('redisUrl') }, stack);
});

afterAll(async () => await stack.disposeAsync());

const email = 'ada@example.com';

async function number(query: string, id: string): Promise<number> {
  const { rows } = await database.db.pool.raw(query, { id });
  return rows[0]?.n;
}

const usedOf = async (promo: { readonly id: string }) =>
  await number('select used as n from promo_codes where id = :id', promo.id);

describe('other content for a pending order', () => {
  test('another code, or none: the old one is given back, and the lines are priced anew', async () => {
    const sale = await sell(database.db, { capacities: [10, 10] });
    const ten = await makePromo(database.db, sale);
    const three = await makePromo(database.db, sale, {
      discount: { kind: 'amount', amountCents: 301 },
    });
    const hold = await holdSeats(deps, sale, {
      basket: [
        [0, 1],
        [1, 2],
      ],
    });
    expect(await checkOut(deps, hold, { email, promo: ten.code })).toBe('placed');
    expect(await orderOf(deps, hold)).toMatchObject({ totalCents: 6_750, promo: { id: ten.id } });
    expect(await checkOut(deps, hold, { email, promo: three.code.toLowerCase() })).toBe('placed');
    expect(await orderOf(deps, hold)).toMatchObject({
      discountCents: 301,
      totalCents: 7_199,
      promo: { id: three.id },
      // 100 1/3 and 200 2/3: the larger remainder has the cent.
      items: [
        { discountCents: 100, totalCents: 2_400 },
        { discountCents: 201, totalCents: 4_799 },
      ],
    });
    expect([await usedOf(ten), await usedOf(three)]).toEqual([0, 1]);
    expect(await checkOut(deps, hold, { email })).toBe('placed');
    expect(await orderOf(deps, hold)).toMatchObject({
      discountCents: 0,
      totalCents: 7_500,
      promo: null,
    });
    expect([await usedOf(ten), await usedOf(three)]).toEqual([0, 0]);
  });

  test('the last use of a code is enough for the order that has it', async () => {
    const sale = await sell(database.db, { capacities: [10], maxPerBuyer: 2 });
    const promo = await makePromo(database.db, sale, { maxRedemptions: 1, maxPerBuyer: 1 });
    const hold = await holdSeats(deps, sale, { basket: [[0, 2]] });
    expect(await checkOut(deps, hold, { email, promo: promo.code })).toBe('placed');
    expect(await checkOut(deps, hold, { email: 'bob@example.com', promo: promo.code })).toBe(
      'placed',
    );
    expect(await checkOut(deps, hold, { email, promo: promo.code })).toBe('placed');
    expect(await usedOf(promo)).toBe(1);
    const other = await holdSeats(deps, sale);
    expect(await checkOut(deps, other, { email: 'eve@example.com', promo: promo.code })).toBe(
      'promo.exhausted',
    );
  });

  test('what is refused leaves the order as it was', async () => {
    const sale = await sell(database.db, { capacities: [10], maxPerBuyer: 2 });
    const promo = await makePromo(database.db, sale);
    const full = await makePromo(database.db, sale, { maxRedemptions: 1 });
    const first = await holdSeats(deps, sale, { basket: [[0, 2]] });
    await checkOut(deps, first, { email: 'bob@example.com', promo: full.code });
    const hold = await holdSeats(deps, sale, { basket: [[0, 2]] });
    await checkOut(deps, hold, { email, promo: promo.code });
    const before = await orderOf(deps, hold);
    const refusals = [
      [{ email: 'bob@example.com', promo: promo.code }, 'buyer.limit_reached'],
      [{ email, promo: full.code }, 'promo.exhausted'],
      [{ email, promo: 'NO-SUCH' }, 'promo.not_found'],
    ] as const;
    for (const [content, code] of refusals) {
      expect(await checkOut(deps, hold, content)).toBe(code);
    }
    expect(await orderOf(deps, hold)).toEqual(before);
    expect([await usedOf(promo), await usedOf(full)]).toEqual([1, 1]);
  });

  test('a code that ended is good for the order that has it, and for no other', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const promo = await makePromo(database.db, sale);
    const hold = await holdSeats(deps, sale);
    await checkOut(deps, hold, { email, promo: promo.code });
    await database.db.pool.raw('update promo_codes set ends_at = now() where id = :id', {
      id: promo.id,
    });
    expect(await checkOut(deps, hold, { email: 'bob@example.com', promo: promo.code })).toBe(
      'placed',
    );
    const other = await holdSeats(deps, sale);
    expect(await checkOut(deps, other, { email, promo: promo.code })).toBe('promo.not_active');
  });

  test('a whole discount confirms the order at once, and its code stays used', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const promo = await makePromo(database.db, sale, {
      discount: { kind: 'percent', percent: 100 },
    });
    const hold = await holdSeats(deps, sale);
    expect(await checkOut(deps, hold, { email })).toBe('placed');
    expect(await checkOut(deps, hold, { email, promo: promo.code })).toBe('placed');
    expect(await orderOf(deps, hold)).toMatchObject({ status: 'paid', totalCents: 0 });
    expect(
      await number(
        `select count(*)::int as n from promo_redemptions
          where promo_code_id = :id and state = 'kept'`,
        promo.id,
      ),
    ).toBe(1);
  });
});

test('two orders that swap codes and buyers a hundred times: no deadlock, nothing miscounted', async () => {
  const sale = await sell(database.db, { capacities: [10], hidden: [0], maxPerBuyer: 2 });
  const access = await makeAccess(database.db, sale, { tiers: [0], maxUses: 2 });
  const codes = [
    await makePromo(database.db, sale, { maxRedemptions: 2 }),
    await makePromo(database.db, sale, { maxRedemptions: 2 }),
  ];
  const holds = [
    await holdSeats(deps, sale, { accessCode: access.code }),
    await holdSeats(deps, sale, { accessCode: access.code }),
  ];
  const outcomes = new Set<string>();
  for (let round = 0; round < 50; round += 1) {
    const answers = await Promise.all(
      holds.map(
        async (hold, at) =>
          await checkOut(deps, hold, {
            email: `buyer${(at + round) % 2}@example.com`,
            promo: codes[(at + round) % 2]?.code ?? '',
          }),
      ),
    );
    for (const answer of answers) {
      outcomes.add(answer);
    }
  }
  expect([...outcomes]).toEqual(['placed']);
  const counted = await number(
    'select sum(tickets)::int as n from buyer_limits where event_id = :id',
    sale.eventId,
  );
  const used = await Promise.all(codes.map(usedOf));
  expect({ counted, used: used.reduce((sum, n) => sum + n, 0) }).toEqual({ counted: 2, used: 2 });
});

describe('a hidden tier', () => {
  const refusal = async (work: Promise<unknown>) =>
    await work.then(
      () => 'held',
      (error) => error.code,
    );

  test('is as unknown as one that does not exist, whatever is wrong with the code', async () => {
    const sale = await sell(database.db, { capacities: [10, 10], hidden: [0, 1] });
    const elsewhere = await sell(database.db, { capacities: [10], hidden: [0] });
    const { db } = database;
    const past = new Date('2020-01-01T00:00:00Z');
    const wrong = [
      undefined,
      'NO-SUCH',
      (await makeAccess(db, sale, { tiers: [1] })).code,
      (await makeAccess(db, elsewhere, { tiers: [0] })).code,
      (await makeAccess(db, sale, { tiers: [0], startsAt: new Date('2040-01-01T00:00:00Z') })).code,
      (await makeAccess(db, sale, { tiers: [0], endsAt: past })).code,
    ];
    for (const accessCode of wrong) {
      const asked = accessCode === undefined ? {} : { accessCode };
      expect(await refusal(holdSeats(deps, sale, asked)), accessCode).toBe('tier.not_found');
    }
    const right = await makeAccess(db, sale, { tiers: [0], endsAt: new Date('2040-01-01') });
    expect(await refusal(holdSeats(deps, sale, { accessCode: right.code }))).toBe('held');
    await db.pool.raw('update access_codes set disabled_at = now() where id = :id', {
      id: right.id,
    });
    expect(await refusal(holdSeats(deps, sale, { accessCode: right.code }))).toBe('tier.not_found');
  });

  test('is sold to a hold that was let through, though its code was disabled since', async () => {
    const sale = await sell(database.db, { capacities: [10], hidden: [0] });
    const access = await makeAccess(database.db, sale, { tiers: [0] });
    const hold = await holdSeats(deps, sale, { accessCode: access.code });
    await database.db.pool.raw('update access_codes set disabled_at = now() where id = :id', {
      id: access.id,
    });
    expect(await checkOut(deps, hold, { email })).toBe('placed');
  });

  test('that is merely held uses nothing up, nor does an open tier with a needless code', async () => {
    const sale = await sell(database.db, { capacities: [10, 10], hidden: [0] });
    const access = await makeAccess(database.db, sale, { tiers: [0], maxUses: 1 });
    const tried = await holdSeats(deps, sale, { accessCode: access.code });
    await database.db.inTransaction(async (tx) => await endHold(tx, tried.id));
    const open = await holdSeats(deps, sale, { basket: [[1, 1]], accessCode: access.code });
    expect(await checkOut(deps, open, { email })).toBe('placed');
    const hold = await holdSeats(deps, sale, { accessCode: access.code });
    expect(await checkOut(deps, hold, { email })).toBe('placed');
    expect(await number('select used as n from access_codes where id = :id', access.id)).toBe(1);
  });
});
