import { expect, test } from 'vitest';
import { availabilityOf, type Stock } from './availability.ts';

const day = (n: number) => new Date(Date.UTC(2030, 0, n));

const tier = {
  tierId: 'floor',
  salesStartAt: null,
  salesEndAt: null,
  closedAt: null,
  isHidden: false,
  available: 7,
};

const stock: Stock = {
  slug: 'night',
  status: 'on_sale',
  endsAt: day(20),
  salesStartAt: day(2),
  salesEndAt: null,
  asOf: day(5),
  tiers: [tier],
};

test.for<[string, Partial<Stock>, boolean]>([
  ['within its window', {}, true],
  ['before sales start', { asOf: day(1) }, false],
  ['after the event', { asOf: day(20) }, false],
  ['once closed', { status: 'closed' }, false],
  ['once cancelled', { status: 'cancelled' }, false],
  ['with its tier closed', { tiers: [{ ...tier, closedAt: day(4) }] }, false],
])('an event %s says what is left, and whether it can be bought', ([, change, isOnSale]) => {
  const expected = { tierId: 'floor', available: 7, isOnSale };
  expect(availabilityOf({ ...stock, ...change })?.tiers).toEqual([expected]);
});

test('nothing is said of a draft', () => {
  expect(availabilityOf({ ...stock, status: 'draft' })).toBeUndefined();
});

test('nothing is said of hidden tiers, even when there are no others', () => {
  const hidden = { ...tier, tierId: 'backstage', isHidden: true };
  expect(availabilityOf({ ...stock, tiers: [hidden] })?.tiers).toEqual([]);
  expect(availabilityOf({ ...stock, tiers: [hidden, tier] })?.tiers).toMatchObject([
    { tierId: 'floor' },
  ]);
});
