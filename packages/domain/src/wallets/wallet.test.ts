import { expect, test } from 'vitest';
import { shareOfWallet } from './wallet.ts';

test.for([
  { what: 'more than the total', totalCents: 2_500, balanceCents: 9_000, share: 2_500 },
  { what: 'exactly the total', totalCents: 2_500, balanceCents: 2_500, share: 2_500 },
  { what: 'a part of it', totalCents: 2_500, balanceCents: 1_000, share: 1_000 },
  {
    what: 'all but less than a card can pay',
    totalCents: 2_500,
    balanceCents: 2_490,
    share: 2_450,
  },
  { what: 'a part of the least a card can pay', totalCents: 50, balanceCents: 20, share: 0 },
  { what: 'nothing', totalCents: 2_500, balanceCents: 0, share: 0 },
])('a wallet with $what', ({ totalCents, balanceCents, share }) => {
  expect(shareOfWallet({ totalCents, balanceCents, currency: 'eur' })).toBe(share);
});

test('what is left of three decimals is what a card can pay', () => {
  const of = { totalCents: 10_000, balanceCents: 3_333, currency: 'kwd' };
  expect(shareOfWallet(of)).toBe(3_330);
});
