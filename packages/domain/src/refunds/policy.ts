import { chargeStep } from '#payments/charge-step';
import { allot } from '#payments/largest-remainder';

/** What buyers of an event may give back by themselves, and what is kept of it. */
export interface RefundPolicy {
  readonly allowed: boolean;
  readonly untilHoursBeforeStart: number;
  readonly keptPercent: number;
  /** In minor units of the event's currency. */
  readonly keptCentsPerTicket: number;
}

/** A policy at this moment, by the database's clock. */
export interface RefundTerms {
  readonly policy: RefundPolicy;
  readonly until: Date;
  /** The deadline has passed, or the event is over. */
  readonly isOver: boolean;
}

export type TermsRefusal = 'not_allowed' | 'too_late';

/** Why a buyer may not give back, if they may not. */
export function termsRefusal({ policy, isOver }: RefundTerms): TermsRefusal | undefined {
  if (!policy.allowed) {
    return 'not_allowed';
  }
  return isOver ? 'too_late' : undefined;
}

export interface Share {
  readonly ticketId: string;
  readonly paidCents: number;
  readonly keptCents: number;
  readonly backCents: number;
}

/**
 * What is kept of each ticket. The percentage is taken of all of them together and rounded once, down
 * to what cards can pay, for the buyer; then shared out by largest remainder. Never more than a ticket
 * cost.
 */
export function sharesOf(
  tickets: readonly { readonly id: string; readonly paidCents: number }[],
  policy: Pick<RefundPolicy, 'keptPercent' | 'keptCentsPerTicket'>,
  currency: string,
): Share[] {
  const step = chargeStep(currency);
  const paid = tickets.map(({ paidCents }) => paidCents);
  const sum = paid.reduce((total, cents) => total + cents, 0);
  const units = Math.floor((sum * policy.keptPercent) / 100 / step);
  const shares = allot(units, paid).map((unit) => unit * step);
  const fixed = Math.ceil(policy.keptCentsPerTicket / step) * step;
  return tickets.map(({ id, paidCents }, at) => {
    const keptCents = Math.min(paidCents, (shares[at] ?? 0) + fixed);
    return { ticketId: id, paidCents, keptCents, backCents: paidCents - keptCents };
  });
}
