import { chargeStep } from '#payments/charge-step';
import { type Discount, discountLines } from './discount.ts';

/** A promo code as it stood when it was read. */
export interface PromoCode {
  readonly id: string;
  readonly code: string;
  readonly discount: Discount;
  /** Empty: every tier of the event. */
  readonly tierIds: readonly string[];
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly isDisabled: boolean;
  readonly isExhausted: boolean;
  /** When this was true, by the database's clock. */
  readonly asOf: Date;
}

export interface PricedLine {
  readonly tierId: string;
  readonly cents: number;
}

export type PromoDecision =
  | { readonly kind: 'apply'; readonly discounts: readonly number[] }
  | { readonly kind: 'refuse'; readonly reason: 'not_active' | 'not_applicable' };

/**
 * What a code takes off these lines. One that the order has already stays good for it after the end
 * of the code: what was promised holds as long as the hold. One that would take off nothing does
 * not apply, so that it is not used up for it.
 */
export function decidePromo(input: {
  readonly promo: PromoCode;
  readonly lines: readonly PricedLine[];
  readonly currency: string;
  readonly isHeld: boolean;
}): PromoDecision {
  const { promo } = input;
  if (!input.isHeld && !isActive(promo)) {
    return { kind: 'refuse', reason: 'not_active' };
  }
  const discounts = discountLines({
    discount: promo.discount,
    lines: input.lines.map(({ tierId, cents }) => ({
      cents,
      isEligible: promo.tierIds.length === 0 || promo.tierIds.includes(tierId),
    })),
    step: chargeStep(input.currency),
  });
  return discounts.some((cents) => cents > 0)
    ? { kind: 'apply', discounts }
    : { kind: 'refuse', reason: 'not_applicable' };
}

function isActive(promo: PromoCode): boolean {
  const hasStarted = promo.startsAt === null || promo.startsAt <= promo.asOf;
  const hasEnded = promo.endsAt !== null && promo.endsAt <= promo.asOf;
  return hasStarted && !hasEnded && !promo.isDisabled;
}

export type CodeFault =
  | { readonly code: 'code.times_invalid'; readonly message: string }
  | { readonly code: 'promo.amount_not_chargeable'; readonly message: string };

/** What a new code contradicts itself in, if anything. */
export function codeFault(code: {
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly discount?: Discount;
  readonly currency: string;
}): CodeFault | undefined {
  const { startsAt, endsAt, discount, currency } = code;
  if (startsAt !== null && endsAt !== null && endsAt <= startsAt) {
    return { code: 'code.times_invalid', message: 'ends_at must lie after starts_at.' };
  }
  const step = chargeStep(currency);
  return discount?.kind === 'amount' && discount.amountCents % step !== 0
    ? {
        code: 'promo.amount_not_chargeable',
        message: `Cards pay ${currency} in steps of ${step}: the discount must be a multiple.`,
      }
    : undefined;
}
