import { expect, test } from 'vitest';
import { saysNews } from './stripe-refund.ts';

const read = [
  { id: 're_1', amountCents: 2_000, status: 'succeeded' },
  { id: 're_2', amountCents: 500, status: 'pending' },
  { id: 're_3', amountCents: 700, status: 'failed' },
];

function refund(id: string, amount: number, status: string) {
  const rest = { currency: 'eur', payment_intent: 'pi_1', created: 1 };
  return { object: 'refund', id, amount, status, ...rest };
}

test.for([
  ['what was read already', refund('re_1', 2_000, 'succeeded'), false],
  ['what was so before', refund('re_1', 2_000, 'pending'), false],
  ['another refund', refund('re_4', 100, 'succeeded'), true],
  ['that it went on', refund('re_2', 500, 'succeeded'), true],
  ['that it failed after all', refund('re_1', 2_000, 'failed'), true],
  ['another amount', refund('re_2', 400, 'pending'), true],
  ['a charge with what was read', { object: 'charge', amount_refunded: 2_500 }, false],
  ['a charge with more', { object: 'charge', amount_refunded: 2_600 }, true],
  ['a charge with less', { object: 'charge', amount_refunded: 2_000 }, true],
  ['something else', { object: 'dispute' }, true],
  ['nothing', undefined, true],
] as const)('%s', ([, object, isNews]) => {
  expect(saysNews(object, read)).toBe(isNews);
});
