import { startStripeSimulator } from '@liventix/simulators/stripe';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { loadConformance } from './config.ts';
import { onlyWithAPerson, stripeAssumptions } from './stripe-assumptions.ts';

const { CONFORMANCE_STRIPE_SECRET_KEY: realKey } = loadConformance();
const simulatorKey = 'sk_test_conformance';

describe('the Stripe simulator', () => {
  let simulator: Awaited<ReturnType<typeof startStripeSimulator>>;
  let stripe: Stripe;

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
    stripe = new Stripe(simulatorKey, { ...address, maxNetworkRetries: 0, telemetry: false });
  });
  afterAll(async () => {
    await simulator.close();
  });

  test.each(stripeAssumptions)('$says', async ({ check }) => await check(stripe));
});

describe.runIf(realKey !== undefined)('Stripe itself, in test mode', () => {
  const stripe = new Stripe(realKey ?? simulatorKey, { maxNetworkRetries: 1, telemetry: false });

  test.each(stripeAssumptions)('$says ($source)', async ({ check }) => await check(stripe));

  afterAll(() => {
    process.stdout.write(
      `Not checked, for it needs a person:\n- ${onlyWithAPerson.join('\n- ')}\n`,
    );
  });
});
