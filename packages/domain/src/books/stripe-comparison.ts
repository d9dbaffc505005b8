import type { RefundStatus } from '#refunds/refund';

/** A payment or a refund as one of the two books has it. */
export interface Entry {
  /** Stripe's id of it: of a payment the PaymentIntent's. */
  readonly stripeId: string;
  readonly paymentIntentId: string;
  readonly amountCents: number;
  readonly currency: string;
  /** A payment is there or not; a refund is somewhere on its way. */
  readonly status: RefundStatus;
}

export interface OurEntry extends Entry {
  readonly ourId: string;
}

export interface TheirEntry extends Entry {
  /** Made so recently that we may not have heard of it. */
  readonly isFresh: boolean;
}

/** Where our books and Stripe's say different things of one payment or refund. */
export interface StripeDifference {
  readonly object: 'payment' | 'refund';
  readonly what: 'only_at_stripe' | 'only_here' | 'differs';
  readonly stripeId: string;
  readonly ourId: string | null;
  /** What each says, as far as it has it: amount, currency, status and PaymentIntent. */
  readonly here: Entry | null;
  readonly there: Entry | null;
}

/** Compares what Stripe listed with what we have under the same ids. */
export function compareEntries(
  object: StripeDifference['object'],
  theirs: readonly TheirEntry[],
  ours: readonly OurEntry[],
): StripeDifference[] {
  const known = new Map(ours.map((entry) => [entry.stripeId, entry]));
  return theirs.flatMap((there) => {
    const here = known.get(there.stripeId);
    if (here === undefined) {
      return there.isFresh ? [] : [difference(object, { here: undefined, there })];
    }
    return saysTheSame(here, there) ? [] : [difference(object, { here, there })];
  });
}

/** What we have and Stripe, asked for that one, has not. */
export function onlyHere(object: StripeDifference['object'], here: OurEntry): StripeDifference {
  return difference(object, { here, there: undefined });
}

function difference(
  object: StripeDifference['object'],
  books: { readonly here: OurEntry | undefined; readonly there: TheirEntry | undefined },
): StripeDifference {
  const { here, there } = books;
  const what =
    here === undefined ? 'only_at_stripe' : there === undefined ? 'only_here' : 'differs';
  return {
    object,
    what,
    stripeId: here?.stripeId ?? there?.stripeId ?? '',
    ourId: here?.ourId ?? null,
    here: here === undefined ? null : entryOf(here),
    there: there === undefined ? null : entryOf(there),
  };
}

function entryOf({ stripeId, paymentIntentId, amountCents, currency, status }: Entry): Entry {
  return { stripeId, paymentIntentId, amountCents, currency, status };
}

/** A refund that Stripe made a moment ago may still be `submitted` here. */
function saysTheSame(here: Entry, there: TheirEntry): boolean {
  return (
    here.amountCents === there.amountCents &&
    here.currency === there.currency &&
    here.paymentIntentId === there.paymentIntentId &&
    (here.status === there.status || (there.isFresh && here.status === 'submitted'))
  );
}
