import { AppError } from '@liventix/shared/errors';
import { connectStripe } from '@liventix/shared/stripe';
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
}

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
  };
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
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
