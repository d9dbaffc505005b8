import { type StripeSession, stripeSession } from '@liventix/domain/payments/session';
import { AppError } from '@liventix/shared/errors';
import { connectStripe, stripeFault } from '@liventix/shared/stripe';
import type { Config } from '#config';

export interface StripeClient {
  /** A session as Stripe has it now, its payment and charge with it. */
  readSession(sessionId: string): Promise<StripeSession>;
}

/** Without a key every call waits, as it would for a Stripe that is down. */
export function createStripeClient(
  config: Pick<Config, 'STRIPE_SECRET_KEY' | 'STRIPE_API_URL'>,
): StripeClient {
  const secretKey = config.STRIPE_SECRET_KEY;
  const stripe =
    secretKey === undefined
      ? undefined
      : connectStripe({ secretKey, apiUrl: config.STRIPE_API_URL, timeoutMs: 10_000, retries: 2 });
  return {
    readSession: async (sessionId) => {
      if (stripe === undefined) {
        throw new AppError('stripe.not_configured', {
          message: `Could not read session ${sessionId}: STRIPE_SECRET_KEY is not set.`,
          retry: 'transient',
          dependency: true,
        });
      }
      try {
        const session = await stripe.checkout.sessions.retrieve(sessionId, {
          expand: ['payment_intent.latest_charge'],
        });
        return stripeSession.parse(session);
      } catch (error) {
        throw stripeFault(error, `read session ${sessionId}`);
      }
    },
  };
}
