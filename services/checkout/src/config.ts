import { parseConfig } from '@liventix/shared/config';
import {
  commaList,
  httpFields,
  masterFields,
  serviceFields,
  stripeFields,
  tokenFields,
} from '@liventix/shared/config/fields';
import { z } from 'zod';

export const schema = z.object({
  ...serviceFields,
  ...httpFields,
  ...stripeFields,
  ...tokenFields,
  ...masterFields,
  /** Where buyers reach this service: order pages and return addresses start with it. */
  PUBLIC_URL: z.url(),
  /** Origins whose pages may call this service from a browser. */
  CORS_ORIGINS: commaList().default([]),
  /** Origins that success_url and cancel_url may lead to, besides our own. */
  ALLOWED_RETURN_ORIGINS: commaList().default([]),
  /** Requests for holds that may wait in this instance; one more is told to come back. */
  HOLDS_WAITING_MAX: z.coerce.number().int().min(1).max(100_000).default(4_096),
  /** Seats of one event on hold from one client address within a quarter hour; 0 for no limit. */
  HELD_SEATS_PER_CLIENT: z.coerce.number().int().min(0).max(1_000_000).default(200),
  /** All instances together. Stripe's own limit is 25/s unless it was raised. */
  STRIPE_SESSIONS_PER_SECOND: z.coerce.number().int().min(1).max(10_000).default(20),
  /** Availability streams that one instance keeps open; 0 for no limit but its file handles. */
  STREAMS_MAX: z.coerce.number().int().min(0).max(1_000_000).default(10_000),
  /** Of them, those of one client address; 0 for no limit. A house or a carrier may share one. */
  STREAMS_PER_ADDRESS_MAX: z.coerce.number().int().min(0).max(1_000_000).default(100),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
