import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import { expect } from 'vitest';

/** Cards with a fate beyond the payment, by Stripe's names for them (docs.stripe.com/testing). */
export type TestCard =
  | 'pm_card_visa'
  | 'pm_card_pendingRefund'
  | 'pm_card_refundFail'
  | 'pm_card_createDispute'
  | 'pm_card_createDisputeInquiry';

/** Where something was paid: no person is needed for that, at Stripe itself neither. */
export interface Till {
  readonly stripe: Stripe;
  /** Pays 50.00 with a card; the PaymentIntent. */
  readonly pay: (card: TestCard) => Promise<string>;
}

/** What is paid at the till. */
export const amount = 5_000;
/** Test mode's banks answer within seconds. */
export const patience = { timeout: 60_000, interval: 250 };
/** By developers who wrote down what Stripe answered in test mode. */
export const probed = 'probed in test mode by others, at 2026-08-26.dahlia';

/** The very parameters that the refunds service sends. */
export function refundOf(paymentIntentId: string, cents = amount): Stripe.RefundCreateParams {
  return {
    payment_intent: paymentIntentId,
    amount: cents,
    reason: 'requested_by_customer',
    metadata: { refund_id: randomUUID(), order_id: randomUUID() },
  };
}

export async function disputeOf(
  { stripe }: Till,
  paymentIntentId: string,
): Promise<Stripe.Dispute> {
  const found = async () =>
    (await stripe.disputes.list({ payment_intent: paymentIntentId })).data.length;
  await expect.poll(found, patience).toBe(1);
  const { data } = await stripe.disputes.list({ payment_intent: paymentIntentId });
  return data[0] ?? expect.fail('no dispute');
}

async function chargeOf({ stripe }: Till, paymentIntentId: string): Promise<Stripe.Charge> {
  const expand = ['latest_charge.balance_transaction'];
  const intent = await stripe.paymentIntents.retrieve(paymentIntentId, { expand });
  return intent.latest_charge as Stripe.Charge;
}

export async function settledCharge(till: Till, paymentIntentId: string) {
  const known = async () => (await chargeOf(till, paymentIntentId)).balance_transaction;
  await expect.poll(known, patience).not.toBeNull();
  const charge = await chargeOf(till, paymentIntentId);
  return { charge, moved: charge.balance_transaction as Stripe.BalanceTransaction };
}

/** The names of what was told of these objects, newest first. */
export async function eventTypesAbout({ stripe }: Till, ids: readonly string[]) {
  const { data } = await stripe.events.list({ limit: 100 });
  return data
    .filter((event) => ids.includes(String((event.data.object as { id?: string }).id)))
    .map(({ type }) => type);
}
