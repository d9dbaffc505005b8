import { describe, expect, test } from 'vitest';
import { bookingOf, isStrange, type Movement } from './booking.ts';

const charge: Movement = {
  id: 'txn_1',
  type: 'charge',
  category: 'charge',
  amountCents: 5_000,
  feeCents: 175,
  currency: 'eur',
  ours: { amountCents: 5_000, currency: 'eur' },
};

/** Account and amount of every entry, so that a table shows where the money goes. */
function entriesOf(movement: Movement): unknown {
  const booking = bookingOf(movement);
  return booking.kind === 'book'
    ? booking.postings
        .flatMap(({ entries }) => entries)
        .map(({ account, amountCents, currency }) => `${account} ${amountCents} ${currency}`)
    : booking.kind;
}

describe('what the ledger says of a movement at Stripe', () => {
  test.for<[string, Partial<Movement>, unknown]>([
    ['the fee of a sale', {}, ['stripe_fees 175 eur', 'stripe_balance -175 eur']],
    ['a sale that we do not have yet waits', { ours: null }, 'wait'],
    ['another amount than ours', { amountCents: 4_999 }, 'amount_differs'],
    [
      'a sale kept in another currency',
      { currency: 'usd', amountCents: 5_500 },
      [
        'currency_exchange 5000 eur',
        'stripe_balance -5000 eur',
        'stripe_balance 5500 usd',
        'currency_exchange -5500 usd',
        'stripe_fees 175 usd',
        'stripe_balance -175 usd',
      ],
    ],
    [
      'a refund costs nothing more',
      {
        type: 'refund',
        category: 'refund',
        amountCents: -5_000,
        feeCents: 0,
        ours: { amountCents: -5_000, currency: 'eur' },
      },
      [],
    ],
    [
      'the fee of a dispute',
      {
        type: 'adjustment',
        category: 'dispute',
        amountCents: -5_000,
        feeCents: 1_500,
        ours: { amountCents: -5_000, currency: 'eur' },
      },
      ['dispute_fees 1500 eur', 'stripe_balance -1500 eur'],
    ],
    [
      'a payout lies at the bank',
      { type: 'payout', category: 'payout', amountCents: -9_000, feeCents: 0, ours: null },
      ['stripe_balance -9000 eur', 'bank 9000 eur'],
    ],
    [
      'one that failed is back',
      {
        type: 'payout_failure',
        category: 'payout_reversal',
        amountCents: 9_000,
        feeCents: 0,
        ours: null,
      },
      ['stripe_balance 9000 eur', 'bank -9000 eur'],
    ],
    [
      'what nobody knows',
      {
        type: 'reserve_transaction',
        category: 'risk_reserved_funds',
        amountCents: -300,
        feeCents: 0,
        ours: null,
      },
      ['stripe_balance -300 eur', 'stripe_other 300 eur'],
    ],
  ])('%s', ([, change, entries]) => {
    expect(entriesOf({ ...charge, ...change })).toEqual(entries);
  });

  test('a person looks at what nobody knows, and at nothing else', () => {
    const strange = (type: string, category = type) => isStrange({ type, category });
    expect(['charge', 'refund', 'payout', 'stripe_fee'].some((type) => strange(type))).toBe(false);
    expect(strange('adjustment', 'dispute_reversal')).toBe(false);
    expect(strange('reserve_transaction')).toBe(true);
  });
});
