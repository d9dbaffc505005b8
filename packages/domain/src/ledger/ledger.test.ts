import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accounts,
  debtWrittenOff,
  disputeLost,
  disputeMoved,
  type Posting,
  paymentReceived,
  refundAllotted,
  refundBounced,
  refundCorrected,
  refundMade,
  refundRequested,
} from './ledger.ts';

const cents = fc.integer({ min: 0, max: 99_999_999 });
const currency = 'eur';
const refundId = 'r';

function balances(postings: readonly Posting[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, amountCents } of postings.flatMap(({ entries }) => entries)) {
    sums[account] = (sums[account] ?? 0) + amountCents;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

function received(amountCents: number, disposition: 'tickets' | 'refund' | 'review' = 'tickets') {
  return paymentReceived({ paymentId: 'p', amountCents, currency, disposition });
}

function requested(amountCents: number, ticketsCents: number) {
  return refundRequested({ refundId, amountCents, currency, ticketsCents, rest: 'goodwill' });
}

describe('every posting', () => {
  test('sums to zero and names accounts that exist, whatever the amounts', () => {
    fc.assert(
      fc.property(cents, cents, (amountCents, ticketsCents) => {
        const money = { refundId, amountCents, currency };
        const dispute = { disputeId: 'd', amountCents, currency };
        const all = [
          received(amountCents),
          received(amountCents, 'refund'),
          received(amountCents, 'review'),
          requested(amountCents, ticketsCents),
          refundMade(money),
          refundBounced(money),
          refundCorrected({ ...money, step: 'cut-1' }),
          refundAllotted(money),
          debtWrittenOff(money),
          disputeMoved({ ...dispute, amountCents: -amountCents, movementId: 'a' }),
          disputeMoved({ ...dispute, movementId: 'b' }),
          disputeLost(dispute),
        ];
        for (const { entries } of all) {
          expect(entries.reduce((sum, entry) => sum + entry.amountCents, 0)).toBe(0);
          expect(entries.every((entry) => entry.amountCents !== 0)).toBe(true);
          expect(entries.every(({ account }) => accounts.includes(account))).toBe(true);
        }
        expect(new Set(all.slice(3).map(({ cause }) => cause)).size).toBe(all.length - 3);
      }),
    );
  });
});

describe('where the money stands', () => {
  test('a sale, refunded whole: nothing anywhere', () => {
    const money = { refundId, amountCents: 5_000, currency };
    expect(balances([received(5_000), requested(5_000, 5_000)])).toEqual({
      stripe_balance: 5_000,
      owed_to_buyers: -5_000,
    });
    expect(balances([received(5_000), requested(5_000, 5_000), refundMade(money)])).toEqual({});
  });

  test('goodwill before it makes the whole refund less, and the sale is gone all the same', () => {
    const later = refundRequested({
      refundId: 's',
      amountCents: 4_000,
      currency,
      ticketsCents: 5_000,
      rest: 'goodwill',
    });
    expect(balances([received(5_000), requested(1_000, 0), later])).toEqual({
      stripe_balance: 5_000,
      owed_to_buyers: -5_000,
    });
  });

  test('a share that is kept is a fee', () => {
    const kept = refundRequested({
      refundId,
      amountCents: 4_500,
      currency,
      ticketsCents: 5_000,
      rest: 'cancellation_fees',
    });
    expect(balances([received(5_000), kept])).toEqual({
      stripe_balance: 5_000,
      owed_to_buyers: -4_500,
      cancellation_fees: -500,
    });
  });

  test('a refund that bounces is owed again, until a person writes it off', () => {
    const money = { refundId, amountCents: 5_000, currency };
    const bounced = [
      received(5_000),
      requested(5_000, 5_000),
      refundMade(money),
      refundBounced(money),
    ];
    expect(balances(bounced)).toEqual({ stripe_balance: 5_000, owed_to_buyers: -5_000 });
    expect(balances([...bounced, debtWrittenOff(money)])).toEqual({
      stripe_balance: 5_000,
      write_offs: -5_000,
    });
  });

  test('a lost dispute is a loss, a won one never happened', () => {
    const dispute = { disputeId: 'd', amountCents: 5_000, currency };
    const taken = disputeMoved({ ...dispute, amountCents: -5_000, movementId: 'a' });
    const back = disputeMoved({ ...dispute, movementId: 'b' });
    expect(balances([received(5_000), taken, back])).toEqual(balances([received(5_000)]));
    expect(balances([received(5_000), taken, disputeLost(dispute)])).toEqual({
      ticket_sales: -5_000,
      dispute_losses: 5_000,
    });
  });
});
