import {
  compareEntries,
  type OurEntry,
  onlyHere,
  type StripeDifference,
  type TheirEntry,
} from '@liventix/domain/books/stripe-comparison';
import { listEntries, pageEntries } from '@liventix/domain/books/stripe-entries-repository';
import { statusOfStripe } from '@liventix/domain/refunds';
import type { Executor } from '@liventix/shared/db';
import Stripe from 'stripe';

export interface StripeComparison {
  /** How many of each were compared. */
  readonly payments: number;
  readonly refunds: number;
  readonly differences: readonly StripeDifference[];
}

export interface ComparedBooks {
  readonly stripe: Stripe;
  readonly executor: Executor;
  /** From then on, by Stripe's clock and by ours. */
  readonly since: Date;
  /** What is younger than this may be on its way to us. */
  readonly graceS: number;
}

/** Stripe's largest page, and as many of ours at a time. */
const pageRows = 100;

const noId = '00000000-0000-0000-0000-000000000000';

/**
 * Compares the payments and refunds of both books, each way: what Stripe lists is looked up here, and
 * what we have and Stripe did not list is asked for by its id. Reads only.
 */
export async function compareWithStripe(books: ComparedBooks): Promise<StripeComparison> {
  const payments = await compareObjects(books, 'payment');
  const refunds = await compareObjects(books, 'refund');
  return {
    payments: payments.compared,
    refunds: refunds.compared,
    differences: [...payments.differences, ...refunds.differences],
  };
}

type Kind = StripeDifference['object'];

async function compareObjects(
  books: ComparedBooks,
  object: Kind,
): Promise<{ compared: number; differences: StripeDifference[] }> {
  const { executor, since } = books;
  const listed = new Set<string>();
  const differences: StripeDifference[] = [];
  for await (const theirs of inPages(object === 'payment' ? charges(books) : refunds(books))) {
    const ids = theirs.map(({ stripeId }) => stripeId);
    for (const id of ids) {
      listed.add(id);
    }
    differences.push(...compareEntries(object, theirs, await listEntries(executor, object, ids)));
  }
  for (let afterId = noId; ; ) {
    const ours = await pageEntries(executor, object, { since, afterId, limit: pageRows });
    for (const here of ours.filter(({ stripeId }) => !listed.has(stripeId))) {
      listed.add(here.stripeId);
      differences.push(...(await askFor(books, object, here)));
    }
    const last = ours.at(-1);
    if (last === undefined) {
      return { compared: listed.size, differences };
    }
    afterId = last.ourId;
  }
}

/** One of ours that Stripe did not list: made before the time that was asked for, or not at all. */
async function askFor(
  books: ComparedBooks,
  object: Kind,
  here: OurEntry,
): Promise<StripeDifference[]> {
  const { stripe } = books;
  try {
    const there =
      object === 'payment'
        ? ofIntent(books, await stripe.paymentIntents.retrieve(here.stripeId))
        : ofRefund(books, await stripe.refunds.retrieve(here.stripeId));
    return there === undefined ? [onlyHere(object, here)] : compareEntries(object, [there], [here]);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && error.code === 'resource_missing') {
      return [onlyHere(object, here)];
    }
    throw error;
  }
}

/** Charges that took money for us. Others of the account bear no order of ours. */
async function* charges(books: ComparedBooks): AsyncGenerator<TheirEntry> {
  for await (const charge of books.stripe.charges.list(listedSince(books))) {
    const { payment_intent: intent, metadata } = charge;
    const isOurs = 'order_id' in metadata;
    if (charge.paid && charge.captured && intent !== null && isOurs) {
      const paymentIntentId = typeof intent === 'string' ? intent : intent.id;
      yield {
        stripeId: paymentIntentId,
        paymentIntentId,
        amountCents: charge.amount_captured,
        currency: charge.currency,
        status: 'succeeded',
        isFresh: isFresh(books, charge.created),
      };
    }
  }
}

/** Refunds of PaymentIntents that we know: those of others are no business of ours. */
async function* refunds(books: ComparedBooks): AsyncGenerator<TheirEntry> {
  for await (const page of inPages(allRefunds(books))) {
    const intents = page.map(({ paymentIntentId }) => paymentIntentId);
    const known = await listEntries(books.executor, 'payment', intents);
    const ours = new Set(known.map(({ stripeId }) => stripeId));
    yield* page.filter(({ paymentIntentId }) => ours.has(paymentIntentId));
  }
}

async function* allRefunds(books: ComparedBooks): AsyncGenerator<TheirEntry> {
  for await (const refund of books.stripe.refunds.list(listedSince(books))) {
    const entry = ofRefund(books, refund);
    if (entry !== undefined) {
      yield entry;
    }
  }
}

function ofRefund(books: ComparedBooks, refund: Stripe.Refund): TheirEntry | undefined {
  const intent = refund.payment_intent;
  return intent === null
    ? undefined
    : {
        stripeId: refund.id,
        paymentIntentId: typeof intent === 'string' ? intent : intent.id,
        amountCents: refund.amount,
        currency: refund.currency,
        status: statusOfStripe(refund.status ?? 'pending'),
        isFresh: isFresh(books, refund.created),
      };
}

function ofIntent(books: ComparedBooks, intent: Stripe.PaymentIntent): TheirEntry | undefined {
  return intent.status === 'succeeded'
    ? {
        stripeId: intent.id,
        paymentIntentId: intent.id,
        amountCents: intent.amount_received,
        currency: intent.currency,
        status: 'succeeded',
        isFresh: isFresh(books, intent.created),
      }
    : undefined;
}

function listedSince({ since }: ComparedBooks) {
  return { created: { gte: Math.floor(since.getTime() / 1_000) }, limit: pageRows };
}

/** By this machine's clock: it decides about what is told, and about nobody's money. */
function isFresh({ graceS }: ComparedBooks, createdS: number): boolean {
  return createdS > Date.now() / 1_000 - graceS;
}

async function* inPages<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length === pageRows) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) {
    yield page;
  }
}
