import {
  type StripeBalanceTransaction,
  stripeBalanceTransaction,
} from '@liventix/domain/balance/stripe-balance-transaction';
import { AppError } from '@liventix/shared/errors';
import { connectStripe, stripeFault } from '@liventix/shared/stripe';
import { closeSession, openSession, type PageEnd } from '@liventix/shared/stripe/checkout-session';
import type Stripe from 'stripe';

export interface StripeClient {
  /** Ends a payment page, or says that it was paid on. Throws when Stripe gives no answer. */
  closePage(sessionId: string): Promise<PageEnd>;
  /**
   * The page an attempt opened whose answer was lost: the create is repeated with its key. Undefined
   * when Stripe refuses it now, for then it never ran.
   */
  findPage(attemptId: string, parameters: unknown): Promise<string | undefined>;
  /** Every event of these types made in a window of time, newest first, a page of 100 at a time. */
  listEvents(window: {
    readonly types: readonly string[];
    readonly from: Date;
    readonly until: Date;
  }): AsyncIterable<Stripe.Event>;
  /** Movements of the balance, made in a window of time or paid out by one payout, in pages. */
  listBalance(which: BalanceWindow): AsyncIterable<StripeBalanceTransaction[]>;
}

export type BalanceWindow =
  | { readonly from: Date; readonly until: Date }
  | { readonly payoutId: string };

/** Undefined without a key: then no page was ever opened, and there is nothing to read. */
export function createStripeClient(config: {
  readonly STRIPE_SECRET_KEY?: string | undefined;
  readonly STRIPE_API_URL?: string | undefined;
}): StripeClient | undefined {
  if (config.STRIPE_SECRET_KEY === undefined) {
    return undefined;
  }
  const stripe = connectStripe({
    secretKey: config.STRIPE_SECRET_KEY,
    apiUrl: config.STRIPE_API_URL,
    timeoutMs: 10_000,
    retries: 2,
  });
  return {
    closePage: async (sessionId) => await closeSession(stripe, sessionId),
    findPage: async (attemptId, parameters) => await findPage(stripe, attemptId, parameters),
    listEvents: (window) =>
      stripe.events.list({
        types: [...window.types],
        created: { gte: seconds(window.from), lt: seconds(window.until) },
        limit: 100,
      }),
    listBalance: (which) => listBalance(stripe, which),
  };
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}

async function* listBalance(
  stripe: Stripe,
  which: BalanceWindow,
): AsyncGenerator<StripeBalanceTransaction[]> {
  const filter =
    'payoutId' in which
      ? { payout: which.payoutId }
      : { created: { gte: seconds(which.from), lt: seconds(which.until) } };
  let after: string | undefined;
  do {
    const page = await stripe.balanceTransactions
      .list({
        ...filter,
        limit: 100,
        expand: ['data.source'],
        ...(after !== undefined && { starting_after: after }),
      })
      .catch((error: unknown) => {
        throw stripeFault(error, 'list the movements of the balance at Stripe');
      });
    yield page.data.map((transaction) => stripeBalanceTransaction.parse(transaction));
    after = page.has_more ? page.data.at(-1)?.id : undefined;
  } while (after !== undefined);
}

async function findPage(
  stripe: Stripe,
  attemptId: string,
  parameters: unknown,
): Promise<string | undefined> {
  try {
    const { sessionId } = await openSession(stripe, parameters, `checkout/${attemptId}`);
    return sessionId;
  } catch (error) {
    if (error instanceof AppError && error.code === 'stripe.refused') {
      return undefined;
    }
    throw error;
  }
}
