import { runSimulator } from '../http/run.ts';
import { loadConfig } from './config.ts';
import { startStripeSimulator } from './simulator.ts';

const config = loadConfig();

await runSimulator(
  'stripe-simulator',
  async () =>
    await startStripeSimulator({
      port: config.PORT,
      host: config.HOST,
      secretKey: config.STRIPE_SECRET_KEY,
      webhooks: config.WEBHOOK_TARGETS,
      sessionsPerSecond: config.SESSION_RATE_LIMIT_PER_S,
    }),
);
