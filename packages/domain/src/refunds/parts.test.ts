import { expect, test } from 'vitest';
import { partsOf } from './parts.ts';

const card = { provider: 'stripe' };
const wallet = { provider: 'wallet' };

function shared(amountCents: number, left: readonly [number, number], currency = 'eur') {
  const [ofWallet, ofCard] = left;
  return partsOf({
    amountCents,
    ticketsCents: amountCents,
    currency,
    payments: [
      { payment: wallet, leftCents: ofWallet },
      { payment: card, leftCents: ofCard },
    ],
  }).map(({ payment, ...part }) => [payment.provider, part.amountCents, part.ticketsCents]);
}

test('one payment gives back all', () => {
  const payments = [{ payment: card, leftCents: 5_000 }];
  expect(partsOf({ amountCents: 2_500, ticketsCents: 3_000, currency: 'eur', payments })).toEqual([
    { payment: card, amountCents: 2_500, ticketsCents: 3_000 },
  ]);
});

test('two give back by what is left of each, the card first', () => {
  expect(shared(2_500, [1_000, 4_000])).toEqual([
    ['stripe', 2_000, 2_000],
    ['wallet', 500, 500],
  ]);
  expect(shared(101, [1_000, 2_000])).toEqual([
    ['stripe', 67, 67],
    ['wallet', 34, 34],
  ]);
});

test('one after the other they give back exactly what came', () => {
  let left: [number, number] = [3_333, 6_667];
  for (const amountCents of [1_234, 1, 5_000, 765, 3_000]) {
    const parts = shared(amountCents, left);
    const given = (provider: string) => Number(parts.find(([of]) => of === provider)?.[1] ?? 0);
    expect(given('stripe') + given('wallet')).toBe(amountCents);
    left = [left[0] - given('wallet'), left[1] - given('stripe')];
    expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
  }
  expect(left).toEqual([0, 0]);
});

test('what has nothing left has no part', () => {
  expect(shared(700, [0, 1_000])).toEqual([['stripe', 700, 700]]);
  expect(shared(700, [1_000, 0])).toEqual([['wallet', 700, 700]]);
  expect(shared(0, [0, 0])).toEqual([['stripe', 0, 0]]);
});

test('each part is what a card can be paid', () => {
  expect(shared(5_000, [3_330, 6_670], 'kwd')).toEqual([
    ['stripe', 3_340, 3_340],
    ['wallet', 1_660, 1_660],
  ]);
});

test('goodwill is nobody’s ticket, and a kept share lies with the first part', () => {
  const payments = [
    { payment: card, leftCents: 4_000 },
    { payment: wallet, leftCents: 1_000 },
  ];
  const of = (amountCents: number, ticketsCents: number) =>
    partsOf({ amountCents, ticketsCents, currency: 'eur', payments }).map((part) => [
      part.amountCents,
      part.ticketsCents,
    ]);
  expect(of(500, 0)).toEqual([
    [400, 0],
    [100, 0],
  ]);
  expect(of(2_250, 2_500)).toEqual([
    [1_800, 2_050],
    [450, 450],
  ]);
});
