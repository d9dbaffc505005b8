import type Stripe from 'stripe';
import { stripeFault } from './stripe-connection.ts';

/** What a payment page is, once we asked for its end. */
export type PageEnd = 'closed' | 'complete';

/**
 * Opens a Checkout session, or returns the one this key opened before. The parameters are those
 * stored with the key: others under the same key are refused.
 */
export async function openSession(
  stripe: Stripe,
  parameters: unknown,
  idempotencyKey: string,
): Promise<{ sessionId: string; url: string | null }> {
  try {
    const session = await stripe.checkout.sessions.create(
      parameters as Stripe.Checkout.SessionCreateParams,
      { idempotencyKey },
    );
    return { sessionId: session.id, url: session.url };
  } catch (error) {
    throw stripeFault(error, `open a payment page under the key ${idempotencyKey}`);
  }
}

/**
 * Ends a payment page, or says that it was paid on. Stripe refuses to expire a page that is not
 * open, so what it became is read back. Throws when there is no answer.
 */
export async function closeSession(stripe: Stripe, sessionId: string): Promise<PageEnd> {
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
