import { allot } from '#payments/largest-remainder';

export type Discount =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'amount'; readonly amountCents: number };

/** What a discount takes off each line, in the order given. */
export function discountLines(input: {
  readonly discount: Discount;
  readonly lines: readonly { readonly cents: number; readonly isEligible: boolean }[];
  /** Amounts charged are multiples of it; so are the lines. */
  readonly step: number;
}): number[] {
  const { discount, step } = input;
  const units = input.lines.map(({ cents, isEligible }) =>
    isEligible ? Math.floor(cents / step) : 0,
  );
  const sum = units.reduce((total, unit) => total + unit, 0);
  const wanted =
    discount.kind === 'percent'
      ? Math.floor((2 * sum * discount.percent + 100) / 200)
      : Math.floor(discount.amountCents / step);
  return allot(Math.min(wanted, sum), units).map((unit) => unit * step);
}
