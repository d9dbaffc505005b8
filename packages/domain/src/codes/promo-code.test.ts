import { describe, expect, test } from 'vitest';
import { codeFault, decidePromo, type PromoCode } from './promo-code.ts';

const day = (n: number) => new Date(Date.UTC(2030, 0, n));

const promo: PromoCode = {
  id: 'p',
  code: 'EARLY',
  discount: { kind: 'percent', percent: 20 },
  tierIds: [],
  startsAt: day(2),
  endsAt: day(10),
  isDisabled: false,
  isExhausted: false,
  asOf: day(5),
};

const lines = [
  { tierId: 'floor', cents: 5_000 },
  { tierId: 'seat', cents: 8_000 },
];

function decide(more: Partial<PromoCode>, isHeld = false) {
  const decision = decidePromo({ promo: { ...promo, ...more }, lines, currency: 'eur', isHeld });
  return decision.kind === 'apply' ? decision.discounts : decision.reason;
}

describe('decidePromo', () => {
  test.for<[string, Partial<PromoCode>, readonly number[] | string]>([
    ['of the event takes off every line', {}, [1_000, 1_600]],
    ['of a tier takes off its line', { tierIds: ['seat'] }, [0, 1_600]],
    ['of a tier that is not in the order', { tierIds: ['box'] }, 'not_applicable'],
    [
      'that would take off nothing',
      { discount: { kind: 'amount', amountCents: 0 } },
      'not_applicable',
    ],
    ['at its first moment', { asOf: day(2) }, [1_000, 1_600]],
    ['before it', { asOf: day(1) }, 'not_active'],
    ['at its end', { asOf: day(10) }, 'not_active'],
    ['without a window', { startsAt: null, endsAt: null }, [1_000, 1_600]],
    ['that was disabled', { isDisabled: true }, 'not_active'],
  ])('a code %s', ([, more, expected]) => {
    expect(decide(more)).toEqual(expected);
  });

  test('what an order has already stays good after the end of the code', () => {
    expect(decide({ asOf: day(11) }, true)).toEqual([1_000, 1_600]);
    expect(decide({ isDisabled: true }, true)).toEqual([1_000, 1_600]);
  });

  test('in fils each line stays a sum that cards can pay', () => {
    const fils = [{ tierId: 'floor', cents: 5_250 }];
    expect(decidePromo({ promo, lines: fils, currency: 'kwd', isHeld: false })).toEqual({
      kind: 'apply',
      discounts: [1_050],
    });
    const odd: PromoCode = { ...promo, discount: { kind: 'percent', percent: 1 } };
    expect(decidePromo({ promo: odd, lines: fils, currency: 'kwd', isHeld: false })).toEqual({
      kind: 'apply',
      discounts: [50],
    });
  });
});

describe('codeFault', () => {
  const sound = { startsAt: day(1), endsAt: day(2), currency: 'kwd' };

  test.for<[string, Partial<Parameters<typeof codeFault>[0]>, string | undefined]>([
    ['with a window', {}, undefined],
    ['without one', { startsAt: null, endsAt: null }, undefined],
    ['that ends before it starts', { endsAt: day(1) }, 'code.times_invalid'],
    ['of an amount', { discount: { kind: 'amount', amountCents: 1_000 } }, undefined],
    [
      'of an amount that no card can pay',
      { discount: { kind: 'amount', amountCents: 1_005 } },
      'promo.amount_not_chargeable',
    ],
  ])('a code %s', ([, change, code]) => {
    expect(codeFault({ ...sound, ...change })?.code).toBe(code);
  });
});
