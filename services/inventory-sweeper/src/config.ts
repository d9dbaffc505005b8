import { parseConfig } from '@liventix/shared/config';
import { serviceFields, stripeFields, workerFields } from '@liventix/shared/config/fields';
import { watchFields } from '@liventix/watch/config';
import { z } from 'zod';

function intervalMs(usual: number) {
  return z.coerce.number().int().min(100).max(3_600_000).default(usual);
}

export const schema = z.object({
  ...serviceFields,
  ...watchFields,
  ...stripeFields,
  ...workerFields,
  SWEEP_INTERVAL_MS: intervalMs(5_000),
  RELAY_INTERVAL_MS: intervalMs(1_000),
  RECONCILE_INTERVAL_MS: intervalMs(60_000),
  AUDIT_INTERVAL_MS: intervalMs(300_000),
  REMINDER_INTERVAL_MS: intervalMs(60_000),
  MAIL_WATCH_INTERVAL_MS: intervalMs(60_000),
  SIGNALS_INTERVAL_MS: intervalMs(15_000),
  /** Days after an event until its people are forgotten; without it they are kept. */
  BUYER_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** Payment pages of ended holds that are closed at Stripe a second. */
  PAGES_CLOSED_PER_SECOND: z.coerce.number().int().min(1).max(1_000).default(20),
  /** Refunds of cancelled events that are asked for a second, all events together; 0: no pace. */
  REFUNDS_PER_SECOND: z.coerce.number().int().min(0).max(1_000).default(20),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
