import { connectStripe, stripeFault } from '@liventix/shared/stripe';
import type Stripe from 'stripe';
import type { Config } from '#config';

export interface OpenedPage {
  readonly sessionId: string;
  readonly url: string | null;
}

/** What a payment page had become when we asked to close it. */
export type ClosedPage = 'closed' | 'complete';

export interface StripeClient {
  readonly livemode: boolean;
  /** Opens a payment page, or returns the one this attempt opened before. */
  openPage(attemptId: string, parameters: unknown): Promise<OpenedPage>;
  closePage(sessionId: string): Promise<ClosedPage>;
}

/** Undefined without a key: the SDK refuses to be constructed. */
export function createStripeClient(
  config: Pick<Config, 'STRIPE_SECRET_KEY' | 'STRIPE_API_URL'>,
): StripeClient | undefined {
  if (config.STRIPE_SECRET_KEY === undefined) {
    return undefined;
  }
  const stripe = connectStripe({
    secretKey: config.STRIPE_SECRET_KEY,
    apiUrl: config.STRIPE_API_URL,
    timeoutMs: 8_000,
    retries: 1,
  });
  return {
    livemode: config.STRIPE_SECRET_KEY.includes('_live_'),
    openPage: async (attemptId, parameters) => await openPage(stripe, attemptId, parameters),
    closePage: async (sessionId) => await closePage(stripe, sessionId),
  };
}

async function openPage(
  stripe: Stripe,
  attemptId: string,
  parameters: unknown,
): Promise<OpenedPage> {
  try {
    const session = await stripe.checkout.sessions.create(
      parameters as Stripe.Checkout.SessionCreateParams,
      { idempotencyKey: `checkout/${attemptId}` },
    );
    return { sessionId: session.id, url: session.url };
  } catch (error) {
    throw stripeFault(error, `open the payment page of attempt ${attemptId}`);
  }
}

/** Stripe refuses to expire a page that is not open, so what it became is read back. */
async function closePage(stripe: Stripe, sessionId: string): Promise<ClosedPage> {
  try {
    await stripe.checkout.sessions.expire(sessionId);
    return 'closed';
  } catch (error) {
    const fault = stripeFault(error, `close the payment page ${sessionId}`);
    if (fault.code !== 'stripe.refused') {
      throw fault;
    }
    const session = await stripe.checkout.sessions.retrieve(sessionId).catch((again: unknown) => {
      throw stripeFault(again, `read the payment page ${sessionId}`);
    });
    if (session.status === 'open') {
      throw fault;
    }
    return session.status === 'complete' ? 'complete' : 'closed';
  }
}
