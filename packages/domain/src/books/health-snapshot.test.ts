import { expect, test } from 'vitest';
import { accountingMatches, type SnapshotMoney } from './health-snapshot.ts';

const money: SnapshotMoney = {
  currency: 'eur',
  revenueCents: 7_000,
  refundedCents: 100,
  refundOpenCents: 0,
  owedCents: 100,
  feesCents: 90,
  unexplainedCents: 0,
};

test.for([
  ['nothing came', [], true],
  ['every cent is explained', [money], true],
  ['one currency has a cent too many', [money, { ...money, unexplainedCents: 1 }], false],
] as const)('the accounting: %s', ([, all, expected]) => {
  expect(accountingMatches({ money: all })).toBe(expected);
});
