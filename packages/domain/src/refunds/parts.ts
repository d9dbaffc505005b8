import { chargeStep } from '#payments/charge-step';
import { allot } from '#payments/largest-remainder';

/** What one payment gives back of a refund. */
export interface RefundPart<Payment> {
  readonly payment: Payment;
  readonly amountCents: number;
  /** What of the tickets' price goes with it. */
  readonly ticketsCents: number;
}

/**
 * Money goes back to where it came from: an order that a wallet and a card paid for together has each
 * refund shared out by what is left of each, so that neither buyer nor seller gains by giving back in
 * pieces. The card's part comes first and has the tickets; parts without money are left out, unless
 * nothing has any. `amountCents` is at most what is left of all.
 */
export function partsOf<Payment extends { readonly provider: string }>(refund: {
  readonly amountCents: number;
  readonly ticketsCents: number;
  readonly currency: string;
  readonly payments: readonly { readonly payment: Payment; readonly leftCents: number }[];
}): RefundPart<Payment>[] {
  const { amountCents, ticketsCents, currency } = refund;
  const payments = refund.payments.toSorted(
    (a, b) => Number(a.payment.provider === 'wallet') - Number(b.payment.provider === 'wallet'),
  );
  const step = chargeStep(currency);
  const units = allot(
    amountCents / step,
    payments.map(({ leftCents }) => leftCents / step),
  );
  const given = payments
    .map(({ payment }, at) => ({ payment, amountCents: (units[at] ?? 0) * step }))
    .filter((part, at) => part.amountCents > 0 || (amountCents === 0 && at === 0));
  const [, second] = given;
  const withSecond = Math.min(second?.amountCents ?? 0, ticketsCents);
  return given.map((part, at) => ({
    ...part,
    ticketsCents: at === 0 ? ticketsCents - withSecond : withSecond,
  }));
}
