import { type Account, type Entry, moved, type Posting } from '#ledger/ledger';

/** A movement of the balance at Stripe, beside what we have under its source. */
export interface Movement {
  readonly id: string;
  readonly type: string;
  readonly category: string;
  readonly amountCents: number;
  readonly feeCents: number;
  readonly currency: string;
  /** The amount that our books have of its source; null while they have none. */
  readonly ours: { readonly amountCents: number; readonly currency: string } | null;
}

export type Booking =
  | { readonly kind: 'book'; readonly postings: readonly Posting[] }
  /** Its source is not in our books yet. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'amount_differs' };

const ofCharges = ['charge', 'payment'];
const ofRefunds = ['refund', 'payment_refund', 'refund_failure', 'payment_failure_refund'];
const ofPayouts = ['payout', 'payout_failure', 'payout_cancel'];

/** Where money goes that Stripe moves without a sale. */
const counterparts: Readonly<Record<string, Account>> = {
  payout: 'bank',
  payout_failure: 'bank',
  payout_cancel: 'bank',
  stripe_fee: 'stripe_fees',
  tax_fee: 'stripe_fees',
};

/** Whether this is the money of a sale: then its amount is posted with that, and only the fee here. */
export function isOfSale({ type, category }: Pick<Movement, 'type' | 'category'>): boolean {
  return ofCharges.includes(type) || ofRefunds.includes(type) || category.startsWith('dispute');
}

/** Whether a person must look at it: Stripe moved money for a reason that we do not know. */
export function isStrange(movement: Pick<Movement, 'type' | 'category'>): boolean {
  return !isOfSale(movement) && counterparts[movement.type] === undefined;
}

/** What the ledger says of a movement. */
export function bookingOf(movement: Movement): Booking {
  if (!isOfSale(movement)) {
    return { kind: 'book', postings: [ownMovement(movement), feeOf(movement)] };
  }
  const { ours } = movement;
  if (ours === null) {
    return { kind: 'wait' };
  }
  if (ours.currency === movement.currency) {
    return ours.amountCents === movement.amountCents
      ? { kind: 'book', postings: [feeOf(movement)] }
      : { kind: 'amount_differs' };
  }
  return { kind: 'book', postings: [exchangeOf(movement, ours), feeOf(movement)] };
}

function ownMovement(movement: Movement): Posting {
  const { id, type, amountCents, currency } = movement;
  const from = counterparts[type] ?? 'stripe_other';
  return {
    kind: ofPayouts.includes(type) ? type : 'stripe_moved',
    cause: `balance/${id}`,
    entries: moved({ amountCents, currency }, { from, to: 'stripe_balance' }),
  };
}

function feeOf(movement: Movement): Posting {
  const { id, category, feeCents, currency } = movement;
  const to = category.startsWith('dispute') ? 'dispute_fees' : 'stripe_fees';
  return {
    kind: 'fee',
    cause: `balance/${id}/fee`,
    entries: moved({ amountCents: feeCents, currency }, { from: 'stripe_balance', to }),
  };
}

/** Sold in one currency and kept in another: out of the one account, into the other. */
function exchangeOf(
  movement: Movement,
  ours: { readonly amountCents: number; readonly currency: string },
): Posting {
  const { id, amountCents, currency } = movement;
  const entries: Entry[] = [
    ...moved(ours, { from: 'stripe_balance', to: 'currency_exchange' }),
    ...moved({ amountCents, currency }, { from: 'currency_exchange', to: 'stripe_balance' }),
  ];
  return { kind: 'exchange', cause: `balance/${id}/exchange`, entries };
}
