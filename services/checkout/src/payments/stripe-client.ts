import { connectStripe } from '@liventix/shared/stripe';
import { closeSession, openSession, type PageEnd } from '@liventix/shared/stripe/checkout-session';
import type { Config } from '#config';

export interface OpenedPage {
  readonly sessionId: string;
  readonly url: string | null;
}

export interface StripeClient {
  readonly livemode: boolean;
  /** Opens a payment page, or returns the one this attempt opened before. */
  openPage(attemptId: string, parameters: unknown): Promise<OpenedPage>;
  closePage(sessionId: string): Promise<PageEnd>;
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
    openPage: async (attemptId, parameters) =>
      await openSession(stripe, parameters, `checkout/${attemptId}`),
    closePage: async (sessionId) => await closeSession(stripe, sessionId),
  };
}
