import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideRefund, movesOn, type RefundableTicket, shareOut } from './refund.ts';

function ticket(id: string, paidCents: number, status: RefundableTicket['status'] = 'valid') {
  return { id, tierId: 'floor', paidCents, status, isAdmitted: false, isPassedOn: false };
}

const order = {
  tickets: [ticket('a', 1_000), ticket('b', 1_000), ticket('c', 1_000, 'refunded')],
  leftCents: 2_000,
  currency: 'eur',
  awaitsTickets: false,
};

describe('what a ticket cost', () => {
  test('shares of a line add up to it, and differ by one step at most', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('eur', 'kwd', 'isk', 'jpy'),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 1, max: 500 }),
        (currency, hundreds, quantity) => {
          const line = hundreds * 100;
          const shares = shareOut(line, quantity, currency);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(line);
          const step = { eur: 1, kwd: 10, isk: 100, jpy: 1 }[currency] ?? 1;
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(step);
        },
      ),
    );
  });
});

describe('what a wish becomes', () => {
  test('of an order that awaits its tickets all that is left goes back, also when that is nothing', () => {
    const wish = { kind: 'whole', evenAdmitted: false } as const;
    const paid = { ...order, tickets: [], awaitsTickets: true };
    expect(decideRefund(wish, paid)).toMatchObject({ kind: 'refund', amountCents: 2_000 });
    const givenBack = { ...paid, leftCents: 0 };
    expect(decideRefund(wish, givenBack)).toMatchObject({ kind: 'refund', amountCents: 0 });
    expect(decideRefund(wish, { ...givenBack, awaitsTickets: false }).kind).toBe('nothing_left');
  });

  test('a whole order gives back what is left and takes the tickets that live', () => {
    expect(decideRefund({ kind: 'whole', evenAdmitted: false }, order)).toEqual({
      kind: 'refund',
      amountCents: 2_000,
      tickets: [order.tickets[0], order.tickets[1]],
    });
  });

  test('chosen tickets give back what they cost, each once', () => {
    expect(
      decideRefund({ kind: 'tickets', ticketIds: ['b', 'b'], evenAdmitted: false }, order),
    ).toEqual({
      kind: 'refund',
      amountCents: 1_000,
      tickets: [order.tickets[1]],
    });
  });

  test.each([
    [
      { kind: 'tickets', ticketIds: ['z'], evenAdmitted: false } as const,
      { kind: 'ticket_unknown', ticketId: 'z' },
    ],
    [
      { kind: 'tickets', ticketIds: ['c'], evenAdmitted: false } as const,
      { kind: 'ticket_ended', ticketId: 'c' },
    ],
    [{ kind: 'amount', amountCents: 2_001 } as const, { kind: 'more_than_left', leftCents: 2_000 }],
  ])('%j is refused', (wish, refusal) => {
    expect(decideRefund(wish, order)).toEqual(refusal);
  });

  test('a ticket that was used is refunded only when that is said', () => {
    const [a, b] = order.tickets as [RefundableTicket, RefundableTicket];
    const used = { ...order, tickets: [{ ...a, isAdmitted: true }, b] };
    const refusal = { kind: 'ticket_admitted', ticketId: 'a' };
    const policy = { keptPercent: 0, keptCentsPerTicket: 0 };
    expect(decideRefund({ kind: 'whole', evenAdmitted: false }, used)).toEqual(refusal);
    expect(decideRefund({ kind: 'buyer', ticketIds: ['a'], policy }, used)).toEqual(refusal);
    const other = { kind: 'tickets', ticketIds: ['b'], evenAdmitted: false } as const;
    expect(decideRefund(other, used).kind).toBe('refund');
    expect(decideRefund({ kind: 'whole', evenAdmitted: true }, used)).toMatchObject({
      kind: 'refund',
      amountCents: 2_000,
    });
  });

  test('tickets are not refunded with money that a goodwill refund gave back', () => {
    const poor = { ...order, leftCents: 500 };
    expect(decideRefund({ kind: 'tickets', ticketIds: ['a'], evenAdmitted: false }, poor)).toEqual({
      kind: 'more_than_left',
      leftCents: 500,
    });
    expect(decideRefund({ kind: 'whole', evenAdmitted: false }, poor)).toMatchObject({
      amountCents: 500,
    });
  });

  test('an amount that cards cannot pay is refused', () => {
    const wish = { kind: 'amount', amountCents: 15 } as const;
    expect(decideRefund(wish, { ...order, currency: 'kwd' })).toEqual({
      kind: 'not_chargeable',
      step: 10,
    });
  });
});

test('a refund never goes back, in whatever order reports come', () => {
  expect(movesOn('requested', 'succeeded')).toBe(true);
  expect(movesOn('succeeded', 'failed')).toBe(true);
  expect(movesOn('succeeded', 'submitted')).toBe(false);
  expect(movesOn('failed', 'succeeded')).toBe(false);
});
