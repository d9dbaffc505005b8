import { type StripeDispute, stripeDispute } from '@liventix/domain/disputes/stripe-dispute';
import { type StripeRefund, stripeRefund } from '@liventix/domain/refunds/stripe-refund';
import { AppError } from '@liventix/shared/errors';
import { connectStripe, stripeFault } from '@liventix/shared/stripe';
import Stripe from 'stripe';
import { z } from 'zod';
import type { Config } from '#config';

export interface StripeClient {
  /** Asks for a refund. `refund.answer_lost`: this key only ever answers with an old fault. */
  createRefund(refund: {
    readonly key: string;
    readonly refundId: string;
    readonly orderId: string;
    readonly paymentIntentId: string;
    readonly amountCents: number;
  }): Promise<StripeRefund>;
  /** All refunds of a PaymentIntent, whoever made them. */
  listRefunds(paymentIntentId: string): Promise<StripeRefund[]>;
  /** A dispute as it stands now, with every movement of money it caused. */
  readDispute(disputeId: string): Promise<StripeDispute>;
  /** Which order's page a PaymentIntent was paid on; undefined when the page was not of ours. */
  findOrderId(paymentIntentId: string): Promise<string | undefined>;
}

/** Nobody makes more than this of one payment; past it a person must look. */
const refundsMax = 1_000;

/** Without a key every call waits, as it would for a Stripe that is down. */
export function createStripeClient(
  config: Pick<Config, 'STRIPE_SECRET_KEY' | 'STRIPE_API_URL'>,
): StripeClient {
  const secretKey = config.STRIPE_SECRET_KEY;
  const stripe =
    secretKey === undefined
      ? undefined
      : connectStripe({ secretKey, apiUrl: config.STRIPE_API_URL, timeoutMs: 20_000, retries: 2 });
  return {
    createRefund: async ({ key, refundId, orderId, paymentIntentId, amountCents }) =>
      await asking(stripe, `make refund ${refundId} of order ${orderId}`, async (client) =>
        stripeRefund.parse(
          await client.refunds.create(
            {
              payment_intent: paymentIntentId,
              amount: amountCents,
              reason: 'requested_by_customer',
              metadata: { refund_id: refundId, order_id: orderId },
            },
            { idempotencyKey: key },
          ),
        ),
      ),
    listRefunds: async (paymentIntentId) =>
      await asking(stripe, `list the refunds of ${paymentIntentId}`, async (client) => {
        const list = client.refunds.list({ payment_intent: paymentIntentId, limit: 100 });
        const refunds = await list.autoPagingToArray({ limit: refundsMax });
        return refunds.map((refund) => stripeRefund.parse(refund));
      }),
    readDispute: async (disputeId) =>
      await asking(stripe, `read dispute ${disputeId}`, async (client) =>
        stripeDispute.parse(await client.disputes.retrieve(disputeId)),
      ),
    findOrderId: async (paymentIntentId) =>
      await asking(stripe, `find the order of ${paymentIntentId}`, async (client) => {
        const pages = { payment_intent: paymentIntentId, limit: 1 };
        const [session] = (await client.checkout.sessions.list(pages)).data;
        return z.uuid().safeParse(session?.client_reference_id).data;
      }),
  };
}

async function asking<T>(
  stripe: Stripe | undefined,
  what: string,
  ask: (client: Stripe) => Promise<T>,
): Promise<T> {
  if (stripe === undefined) {
    throw new AppError('stripe.not_configured', {
      message: `Could not ${what}: STRIPE_SECRET_KEY is not set.`,
      retry: 'transient',
      dependency: true,
    });
  }
  try {
    return await ask(stripe);
  } catch (error) {
    if (isStoredFault(error)) {
      throw new AppError('refund.answer_lost', {
        message: `Could not ${what}: Stripe answers this key with a fault it has stored.`,
        retry: 'transient',
        dependency: true,
        cause: error,
      });
    }
    throw stripeFault(error, what);
  }
}

/** Stripe keeps the first answer of a key, a 500 too (docs.stripe.com/api/idempotent_requests). */
function isStoredFault(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeError &&
    (error.statusCode ?? 0) >= 500 &&
    error.headers?.['idempotent-replayed'] === 'true'
  );
}
