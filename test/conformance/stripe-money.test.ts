import { startStripeSimulator } from '@liventix/simulators/stripe';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { loadConformance } from './config.ts';
import { parameters } from './stripe-assumptions.ts';
import { balanceAssumptions } from './stripe-balance-assumptions.ts';
import { disputeAssumptions } from './stripe-dispute-assumptions.ts';
import { refundAssumptions } from './stripe-refund-assumptions.ts';
import { amount, type TestCard, type Till } from './stripe-till.ts';

const { CONFORMANCE_STRIPE_SECRET_KEY: realKey } = loadConformance();
const simulatorKey = 'sk_test_conformance';
const assumptions = [...refundAssumptions, ...disputeAssumptions, ...balanceAssumptions];

/** What a person types for the card that Stripe calls so (docs.stripe.com/testing). */
const numbers: Readonly<Record<TestCard, string>> = {
  pm_card_visa: '4242424242424242',
  pm_card_pendingRefund: '4000000000007726',
  pm_card_refundFail: '4000000000005126',
  pm_card_createDispute: '4000000000000259',
  pm_card_createDisputeInquiry: '4000000000001976',
};

describe('the Stripe simulator, of money that goes back', () => {
  let simulator: Awaited<ReturnType<typeof startStripeSimulator>>;
  let till: Till;

  beforeAll(async () => {
    simulator = await startStripeSimulator({
      port: 0,
      host: '127.0.0.1',
      secretKey: simulatorKey,
      webhooks: [],
      sessionsPerSecond: 0,
    });
    const port = String(simulator.port);
    const address = { protocol: 'http', host: '127.0.0.1', port } as const;
    const stripe = new Stripe(simulatorKey, { ...address, maxNetworkRetries: 0, telemetry: false });
    till = { stripe, pay: async (card) => await payPage(stripe, simulator.url, card) };
  });
  afterAll(async () => {
    await simulator.close();
  });

  test.each(assumptions)('$says', async ({ check }) => await check(till));
});

/** At the simulator a page is paid, as checkout opens it. */
async function payPage(stripe: Stripe, url: string, card: TestCard): Promise<string> {
  const session = await stripe.checkout.sessions.create(parameters());
  await fetch(`${url}/_simulator/checkout_sessions/${session.id}/pay`, {
    method: 'POST',
    body: JSON.stringify({ card: numbers[card] }),
    headers: { 'content-type': 'application/json' },
  });
  const paid = await stripe.checkout.sessions.retrieve(session.id);
  return String(paid.payment_intent);
}

describe.runIf(realKey !== undefined)('Stripe itself, of money that goes back', () => {
  const stripe = new Stripe(realKey ?? simulatorKey, { maxNetworkRetries: 2, telemetry: false });
  const till: Till = { stripe, pay: async (card) => await payWithoutPage(stripe, card) };

  test.each(assumptions)(
    '$says ($source)',
    { timeout: 180_000 },
    async ({ check }) => await check(till),
  );
});

/** A page needs a person; a PaymentIntent is paid with Stripe's name of a card. */
async function payWithoutPage(stripe: Stripe, card: TestCard): Promise<string> {
  const intent = await stripe.paymentIntents.create({
    amount,
    currency: 'eur',
    confirm: true,
    payment_method: card,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  return intent.id;
}
