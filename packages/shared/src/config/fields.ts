import { z } from 'zod';

/** A comma-separated list, its blanks dropped. */
export function commaList() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}

/** What every process needs. PORT 0 takes any free port. */
export const serviceFields = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  HOST: z.string().default('127.0.0.1'),
  /** Where errors are told; without it they are in the log alone. */
  SENTRY_DSN: z
    .string()
    .regex(/^https?:\/\/[^:@/\s]+@[^/\s]+\/(?:\S+\/)?\d+$/, 'is https://<key>@<host>/<project>')
    .optional(),
  SENTRY_ENVIRONMENT: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default('production'),
  /** What of us runs, as Sentry shows it; without it the version of our packages. */
  SENTRY_RELEASE: z
    .string()
    .regex(/^[\w.@+-]{1,200}$/)
    .optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DATABASE_URL: z.url(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(5),
  /** One address, or those of several masters of a cluster, comma-separated. */
  REDIS_URL: z
    .string()
    .refine((text) => text.split(',').every((part) => URL.canParse(part)), 'is no address'),
  /** One hash tag, so that all keys of the queues live in one slot of a Redis Cluster. */
  QUEUE_PREFIX: z.string().min(1).max(100).default('{liventix}'),
};

/** What a service needs that people call. */
export const httpFields = {
  /** Requests a minute that one client address may make, over all instances; 0 for no limit. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(600),
  /** Proxies whose X-Forwarded-For is believed: addresses or networks. */
  TRUSTED_PROXIES: commaList().default([]),
};

/** What every process that takes jobs needs. */
export const workerFields = {
  /** How long a job of a killed worker stays its own. Two fifths of it lie between two looks. */
  WORKER_LOCK_MS: z.coerce.number().int().min(500).max(60_000).default(5_000),
};

export const stripeFields = {
  STRIPE_SECRET_KEY: z.string().min(8).optional(),
  /** Another address than Stripe's own: the simulator's. */
  STRIPE_API_URL: z.url().optional(),
};

const sampleSecret = /changeme|example|secret-here|0{16}/i;

/** kid:secret */
const keyedSecret = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,20}:.{32,}$/, 'is kid:secret, the secret of at least 32 characters')
  .refine((text) => !sampleSecret.test(text), 'is a sample: make one with openssl rand -base64 32')
  .transform((text) => ({
    kid: text.slice(0, text.indexOf(':')),
    secret: text.slice(text.indexOf(':') + 1),
  }));

export const tokenFields = {
  /** kid:secret, comma-separated. The first signs; all are accepted. */
  TOKEN_SECRETS: commaList().pipe(z.array(keyedSecret).min(1)),
};

export const masterFields = {
  /** kid:secret, comma-separated. The first seals the keys of events; all open what they sealed. */
  MASTER_KEYS: commaList().pipe(z.array(keyedSecret).min(1)),
};
