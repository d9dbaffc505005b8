import { expect, test } from 'vitest';
import { type CancelledOrder, toEventRefunds } from './event-refund.ts';

function owed(orderId: string, leftCents: number, walletId: string | null = null): CancelledOrder {
  const paymentId = walletId === null ? `card/${orderId}` : `wallet/${orderId}`;
  return { orderId, paymentId, organizationId: 'house', currency: 'eur', leftCents, walletId };
}

const ticket = { id: 't', paidCents: 2_500 };

function refunds(orders: readonly CancelledOrder[], ids: readonly string[]) {
  return toEventRefunds(orders, new Map(ids.map((id) => [id, [ticket]]))).map(
    ({ paymentId, leftCents, ticketsCents, tickets }) => [
      paymentId,
      leftCents,
      ticketsCents,
      tickets.length,
    ],
  );
}

test('one payment has the tickets and their price', () => {
  expect(refunds([owed('a', 2_500), owed('b', 0)], ['a'])).toEqual([
    ['card/a', 2_500, 2_500, 1],
    ['card/b', 0, 0, 0],
  ]);
});

test('of a card and a wallet the card has the tickets, and the price is shared', () => {
  expect(refunds([owed('a', 500, 'w'), owed('a', 2_000)], ['a'])).toEqual([
    ['card/a', 2_000, 2_000, 1],
    ['wallet/a', 500, 500, 0],
  ]);
});

test('a wallet that paid all has the tickets; one with nothing left has no refund', () => {
  expect(refunds([owed('a', 2_500, 'w')], ['a'])).toEqual([['wallet/a', 2_500, 2_500, 1]]);
  expect(refunds([owed('a', 0, 'w'), owed('a', 2_000)], ['a'])).toEqual([
    ['card/a', 2_000, 2_500, 1],
  ]);
});
