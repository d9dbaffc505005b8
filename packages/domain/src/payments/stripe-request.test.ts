import { expect, test } from 'vitest';
import { belowStripeMinimum, sessionParameters } from './stripe-request.ts';

test('totals under the minimum of their currency are found', () => {
  expect(belowStripeMinimum(49, 'eur')).toBe(50);
  expect(belowStripeMinimum(50, 'eur')).toBeUndefined();
  expect(belowStripeMinimum(49, 'jpy')).toBe(50);
  expect(belowStripeMinimum(1, 'kwd')).toBeUndefined();
});

test('a line is sold whole: its net total once, under a name that says how many', () => {
  const parameters = sessionParameters({
    orderId: 'o',
    attemptId: 'a',
    number: 'LV-1',
    eventTitle: 'A Night',
    currency: 'eur',
    locale: 'en',
    buyerEmail: 'ada@resend.dev',
    expiresAt: new Date(1_800_000_000_999),
    successUrl: 'https://t.test/s',
    cancelUrl: 'https://t.test/c',
    walletCents: 0,
    items: [
      { tierName: 'Floor', quantity: 3, totalCents: 10_000 },
      { tierName: 'Guest', quantity: 1, totalCents: 0 },
    ],
  });
  expect(parameters.line_items).toEqual([
    {
      quantity: 1,
      price_data: { currency: 'eur', unit_amount: 10_000, product_data: { name: '3 × Floor' } },
    },
  ]);
  expect(parameters.expires_at).toBe(1_800_000_000);
  expect(parameters.payment_intent_data.metadata).toEqual(parameters.metadata);
});
