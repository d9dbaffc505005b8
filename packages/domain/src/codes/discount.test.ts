import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Discount, discountLines } from './discount.ts';

const percent = (value: number): Discount => ({ kind: 'percent', percent: value });
const amount = (cents: number): Discount => ({ kind: 'amount', amountCents: cents });

function lines(...cents: number[]) {
  return cents.map((value) => ({ cents: value, isEligible: true }));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('discountLines', () => {
  test.for<[string, Discount, number[], number, number[]]>([
    ['a tenth', percent(10), [2_500, 4_000], 1, [250, 400]],
    ['all of it', percent(100), [2_500, 4_000], 1, [2_500, 4_000]],
    ['a third of three lines of a third', percent(10), [333, 333, 333], 1, [34, 33, 33]],
    ['half a cent, rounded up once', percent(50), [1, 1, 1], 1, [1, 1, 0]],
    ['an amount, shared out', amount(1_000), [2_500, 5_000], 1, [333, 667]],
    ['an amount of one cent', amount(1), [100, 100], 1, [1, 0]],
    ['an amount beyond the lines', amount(9_000), [2_500, 4_000], 1, [2_500, 4_000]],
    ['nothing of nothing', percent(50), [0, 0], 1, [0, 0]],
    ['yen', percent(15), [3_000, 1_111], 1, [450, 167]],
    ['fils, in tens', percent(15), [5_250, 1_010], 10, [790, 150]],
    ['fils, an amount', amount(1_005), [5_250, 5_250], 10, [500, 500]],
    ['kroner, in hundreds', percent(15), [4_900, 4_900], 100, [800, 700]],
  ])('%s', ([, discount, cents, step, expected]) => {
    expect(discountLines({ discount, lines: lines(...cents), step })).toEqual(expected);
  });

  test('lines of other tiers are left alone', () => {
    const [first, second] = lines(2_500, 4_000);
    const other = { cents: 9_900, isEligible: false };
    expect(
      discountLines({
        discount: percent(10),
        lines: [first, other, second].flatMap((line) => line ?? []),
        step: 1,
      }),
    ).toEqual([250, 0, 400]);
  });

  const order = fc
    .record({
      discount: fc.oneof(
        fc.integer({ min: 1, max: 100 }).map(percent),
        fc.integer({ min: 1, max: 99_999_999 }).map(amount),
      ),
      step: fc.constantFrom(1, 10, 100),
      units: fc.array(
        fc.record({ units: fc.nat({ max: 99_999_999 * 500 }), isEligible: fc.boolean() }),
        { minLength: 1, maxLength: 50 },
      ),
    })
    .map(({ discount, step, units }) => ({
      discount,
      step,
      lines: units.map((line) => ({ cents: line.units * step, isEligible: line.isEligible })),
    }));

  /** What is asked for, in exact arithmetic, before any line is looked at. */
  function wanted(input: Parameters<typeof discountLines>[0]): number {
    const step = BigInt(input.step);
    const eligible = input.lines
      .filter((line) => line.isEligible)
      .reduce((total, line) => total + BigInt(line.cents), 0n);
    const asked =
      input.discount.kind === 'percent'
        ? (2n * eligible * BigInt(input.discount.percent) + 100n * step) / (200n * step)
        : BigInt(input.discount.amountCents) / step;
    const most = eligible / step;
    return Number((asked < most ? asked : most) * step);
  }

  test('lines add up to the cent, none below zero, each a sum that cards can pay', () => {
    fc.assert(
      fc.property(order, (input) => {
        const discounts = discountLines(input);
        expect(sum(discounts)).toBe(wanted(input));
        for (const [at, line] of input.lines.entries()) {
          const off = discounts[at] ?? Number.NaN;
          expect(off).toBeGreaterThanOrEqual(0);
          expect(off).toBeLessThanOrEqual(line.isEligible ? line.cents : 0);
          expect(off % input.step).toBe(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('no line is more than one step from its exact share', () => {
    fc.assert(
      fc.property(order, (input) => {
        const discounts = discountLines(input);
        const eligible = input.lines.map((line) => (line.isEligible ? line.cents : 0));
        const all = BigInt(sum(eligible));
        fc.pre(all > 0n);
        for (const [at, cents] of eligible.entries()) {
          const exact = BigInt(sum(discounts)) * BigInt(cents);
          const difference = BigInt(discounts[at] ?? 0) * all - exact;
          expect((difference < 0n ? -difference : difference) < BigInt(input.step) * all).toBe(
            true,
          );
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a larger discount never takes less off all lines together', () => {
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 99 }), (input, value) => {
        const off = (by: number) => sum(discountLines({ ...input, discount: percent(by) }));
        expect(off(value + 1)).toBeGreaterThanOrEqual(off(value));
      }),
    );
  });
});
