/**
 * Amounts that cards pay, in minor units: docs.stripe.com/currencies. Three decimals are paid in
 * steps of ten; two currencies without decimals are written with two of them that stay 0.
 */
const steps: Readonly<Record<string, number>> = {
  bhd: 10,
  jod: 10,
  kwd: 10,
  omr: 10,
  tnd: 10,
  isk: 100,
  ugx: 100,
};

/** Every amount charged in this currency is a multiple of it. */
export function chargeStep(currency: string): number {
  return steps[currency] ?? 1;
}
