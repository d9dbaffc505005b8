import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharesOf, termsRefusal } from './policy.ts';

const half = { keptPercent: 50, keptCentsPerTicket: 0 };

describe('what is kept', () => {
  test.for<
    [string, number[], { keptPercent: number; keptCentsPerTicket: number }, string, number[]]
  >([
    ['nothing', [2_500, 2_500], { keptPercent: 0, keptCentsPerTicket: 0 }, 'eur', [0, 0]],
    ['a share, rounded once for the buyer', [333, 333, 333], half, 'eur', [167, 166, 166]],
    ['a share and a fee', [2_500], { keptPercent: 10, keptCentsPerTicket: 200 }, 'eur', [450]],
    [
      'all of a cheap ticket',
      [100, 5_000],
      { keptPercent: 0, keptCentsPerTicket: 300 },
      'eur',
      [100, 300],
    ],
    ['in steps that cards can pay', [1_010], half, 'kwd', [500]],
    ['nothing of a free ticket', [0], { keptPercent: 50, keptCentsPerTicket: 300 }, 'eur', [0]],
  ])('%s', ([, paid, policy, currency, kept]) => {
    const tickets = paid.map((paidCents, at) => ({ id: String(at), paidCents }));
    expect(sharesOf(tickets, policy, currency).map(({ keptCents }) => keptCents)).toEqual(kept);
  });

  test('kept and back add up to what was paid, and neither is below nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 99_999 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 10_000 }),
        (paid, keptPercent, keptCentsPerTicket) => {
          const tickets = paid.map((paidCents, at) => ({ id: String(at), paidCents }));
          for (const share of sharesOf(tickets, { keptPercent, keptCentsPerTicket }, 'eur')) {
            expect(share.keptCents + share.backCents).toBe(share.paidCents);
            expect(Math.min(share.keptCents, share.backCents)).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});

test('who may give back, and when', () => {
  const policy = { allowed: true, untilHoursBeforeStart: 24, ...half };
  const until = new Date(0);
  expect(termsRefusal({ policy, until, isOver: false })).toBeUndefined();
  expect(termsRefusal({ policy, until, isOver: true })).toBe('too_late');
  expect(termsRefusal({ policy: { ...policy, allowed: false }, until, isOver: false })).toBe(
    'not_allowed',
  );
});
