import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { type BasketDecision, decideBaskets, decideRetake, type Offer } from './hold.ts';

const now = new Date('2030-06-01T12:00:00Z');

const event = {
  status: 'on_sale',
  salesStartAt: null,
  salesEndAt: null,
  endsAt: new Date('2030-07-01T00:00:00Z'),
  maxPerOrder: 8,
} as const;

function offer(tierId: string, more: Partial<Offer> = {}): Offer {
  return {
    tierId,
    name: tierId,
    priceCents: 1_000,
    minPerOrder: 1,
    maxPerOrder: 6,
    available: 10,
    salesStartAt: null,
    salesEndAt: null,
    closedAt: null,
    isHidden: false,
    asOf: now,
    pools: [],
    ...more,
  };
}

function items(basket: Record<string, number>) {
  return Object.entries(basket).map(([tierId, quantity]) => ({ tierId, quantity }));
}

function decide(basket: Record<string, number>, offers: readonly Offer[]): BasketDecision {
  const [decision] = decideBaskets({ baskets: [items(basket)], event, offers });
  assert(decision !== undefined);
  return decision;
}

describe('one basket', () => {
  test('holds what fits, at the price shown', () => {
    expect(decide({ a: 2 }, [offer('a')])).toEqual({
      kind: 'hold',
      items: [{ tierId: 'a', tierName: 'a', quantity: 2, unitPriceCents: 1_000 }],
    });
  });

  test('takes the last seat, and not one more', () => {
    expect(decide({ a: 2 }, [offer('a', { available: 2 })]).kind).toBe('hold');
    expect(decide({ a: 3 }, [offer('a', { available: 2 })])).toMatchObject({
      refusal: { kind: 'sold_out', left: [{ tierId: 'a', available: 2 }] },
    });
  });

  test('a hidden tier is as unknown as one that is not there, until it is unlocked', () => {
    const offers = [offer('a'), offer('b', { isHidden: true })];
    expect(decide({ a: 1, b: 1 }, offers)).toEqual({
      kind: 'refuse',
      refusal: { kind: 'tier_unknown', tierId: 'b' },
    });
    expect(decide({ a: 1, c: 1 }, offers)).toEqual({
      kind: 'refuse',
      refusal: { kind: 'tier_unknown', tierId: 'c' },
    });
    const unlocked = [{ tierId: 'b', quantity: 1, isUnlocked: true }];
    const [decision] = decideBaskets({ baskets: [unlocked], event, offers });
    expect(decision).toMatchObject({ kind: 'hold', items: [{ tierId: 'b', quantity: 1 }] });
  });

  test('all or nothing: one line that does not fit refuses the basket', () => {
    const offers = [offer('a'), offer('b', { available: 0 })];
    expect(decide({ a: 1, b: 1 }, offers)).toMatchObject({ refusal: { kind: 'sold_out' } });
  });

  test('counts a shared pool over the whole basket', () => {
    const pools = [{ poolId: 'room', left: 5 }];
    const offers = [offer('a', { available: 5, pools }), offer('b', { available: 5, pools })];
    expect(decide({ a: 3, b: 2 }, offers).kind).toBe('hold');
    expect(decide({ a: 3, b: 3 }, offers)).toMatchObject({ refusal: { kind: 'sold_out' } });
  });

  test.for<[string, Record<string, number>, Offer[], unknown]>([
    ['an unknown tier', { x: 1 }, [], { kind: 'tier_unknown', tierId: 'x' }],
    [
      'more than the tier allows',
      { a: 7 },
      [offer('a')],
      { kind: 'above_limit', tierId: 'a', limit: 6 },
    ],
    [
      'more than the order allows',
      { a: 5, b: 4 },
      [offer('a'), offer('b')],
      { kind: 'above_limit', tierId: null, limit: 8 },
    ],
    [
      'fewer than the tier is sold in',
      { a: 1 },
      [offer('a', { minPerOrder: 2 })],
      { kind: 'below_limit', tierId: 'a', limit: 2 },
    ],
    [
      'a tier that is closed',
      { a: 1 },
      [offer('a', { closedAt: now })],
      { kind: 'window', window: 'tier_closed', tierId: 'a' },
    ],
  ])('refuses %s', ([, basket, offers, refusal]) => {
    expect(decide(basket, offers)).toEqual({ kind: 'refuse', refusal });
  });
});

describe('decideRetake', () => {
  const items = [{ tierId: 'a', quantity: 2 }];

  test('late money takes its seats again only when all are there', () => {
    expect(decideRetake(items, [offer('a', { available: 2 })])).toBe('available');
    expect(decideRetake(items, [offer('a', { available: 1 })])).toBe('sold_out');
    expect(decideRetake(items, [])).toBe('sold_out');
  });
});
