/**
 * Where money can be, in the ledger's own words. What a debit (above zero) means of each:
 * docs/ledger.md. A credit is what we took or owe, so sales and debts stand below zero.
 */
export const accounts = [
  'stripe_balance',
  'bank',
  'ticket_sales',
  'cancellation_fees',
  'goodwill',
  'owed_to_buyers',
  'in_review',
  'stripe_fees',
  'dispute_fees',
  'disputed',
  'dispute_losses',
  'wallet_credit',
  'wallet_escrow',
  'wallet_grants',
  'organization_credits',
  'currency_exchange',
  'write_offs',
  'stripe_other',
] as const;
export type Account = (typeof accounts)[number];

/** Minor units of one currency: a debit above zero, a credit below. */
export interface Entry {
  readonly account: Account;
  readonly amountCents: number;
  readonly currency: string;
}

/** One thing that happened to money. `cause` names it, so that it is posted once. */
export interface Posting {
  readonly kind: string;
  readonly cause: string;
  readonly entries: readonly Entry[];
}

interface Money {
  readonly amountCents: number;
  readonly currency: string;
}

/** Money moves out of one account into another; nothing moves when it is nothing. */
export function moved(
  money: Money,
  way: { readonly from: Account; readonly to: Account },
): Entry[] {
  const { amountCents, currency } = money;
  if (amountCents === 0) {
    return [];
  }
  return [
    { account: way.to, amountCents, currency },
    { account: way.from, amountCents: -amountCents, currency },
  ];
}

/** What a payment's money is held as until something else happens to it. */
const heldAs = { tickets: 'ticket_sales', refund: 'owed_to_buyers', review: 'in_review' } as const;

export function paymentReceived(
  payment: Money & {
    readonly paymentId: string;
    readonly disposition: 'tickets' | 'refund' | 'review';
    /** Where it came in: at Stripe, or out of what a wallet had set aside. */
    readonly into?: Account;
  },
): Posting {
  const { paymentId, disposition, into = 'stripe_balance' } = payment;
  return {
    kind: 'payment_received',
    cause: `payment/${paymentId}`,
    entries: moved(payment, { from: heldAs[disposition], to: into }),
  };
}

/**
 * A refund is decided: its money is owed. What its tickets cost leaves the sales; where more or less
 * than that goes back, the rest is goodwill, or a fee that was kept.
 */
export function refundRequested(
  refund: Money & {
    readonly refundId: string;
    readonly ticketsCents: number;
    readonly rest: 'goodwill' | 'cancellation_fees' | 'in_review';
  },
): Posting {
  const { refundId, ticketsCents, currency, rest } = refund;
  const restCents = refund.amountCents - ticketsCents;
  return {
    kind: 'refund_requested',
    cause: `refund/${refundId}/requested`,
    entries: [
      ...moved(
        { amountCents: ticketsCents, currency },
        { from: 'owed_to_buyers', to: 'ticket_sales' },
      ),
      ...moved({ amountCents: restCents, currency }, { from: 'owed_to_buyers', to: rest }),
    ],
  };
}

/** Stripe gave it back. `to` is the wallet when the buyer wished it there. */
export function refundMade(
  refund: Money & { readonly refundId: string; readonly from?: Account },
): Posting {
  return {
    kind: 'refund_made',
    cause: `refund/${refund.refundId}/made`,
    entries: moved(refund, { from: refund.from ?? 'stripe_balance', to: 'owed_to_buyers' }),
  };
}

/** What was given back came back: it is owed again. */
export function refundBounced(refund: Money & { readonly refundId: string }): Posting {
  return {
    kind: 'refund_bounced',
    cause: `refund/${refund.refundId}/bounced`,
    entries: moved(refund, { from: 'owed_to_buyers', to: 'stripe_balance' }),
  };
}

/** Less is owed than was decided, or more: somebody gave back at Stripe what we meant to. */
export function refundCorrected(
  refund: Money & { readonly refundId: string; readonly step: string },
): Posting {
  return {
    kind: 'refund_corrected',
    cause: `refund/${refund.refundId}/corrected/${refund.step}`,
    entries: moved(refund, { from: 'owed_to_buyers', to: 'goodwill' }),
  };
}

/** A person said which tickets a refund was of that somebody made at Stripe. */
export function refundAllotted(refund: Money & { readonly refundId: string }): Posting {
  return {
    kind: 'refund_allotted',
    cause: `refund/${refund.refundId}/allotted`,
    entries: moved(refund, { from: 'goodwill', to: 'ticket_sales' }),
  };
}

/** Money that is owed and cannot be paid is ours by decision of a person. */
export function debtWrittenOff(refund: Money & { readonly refundId: string }): Posting {
  return {
    kind: 'written_off',
    cause: `refund/${refund.refundId}/written_off`,
    entries: moved(refund, { from: 'write_offs', to: 'owed_to_buyers' }),
  };
}

/** Stripe took the money of a dispute (below zero), or brought it back: one balance transaction. */
export function disputeMoved(
  movement: Money & { readonly disputeId: string; readonly movementId: string },
): Posting {
  return {
    kind: movement.amountCents < 0 ? 'dispute_withdrawn' : 'dispute_reinstated',
    cause: `dispute/${movement.disputeId}/${movement.movementId}`,
    entries: moved(movement, { from: 'disputed', to: 'stripe_balance' }),
  };
}

/** It stays with the bank. */
export function disputeLost(dispute: Money & { readonly disputeId: string }): Posting {
  return {
    kind: 'dispute_lost',
    cause: `dispute/${dispute.disputeId}/lost`,
    entries: moved(dispute, { from: 'disputed', to: 'dispute_losses' }),
  };
}
