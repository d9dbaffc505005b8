import { z } from 'zod';

const environment = z.object({
  PATH: z.string().default('/usr/bin:/bin'),
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_API_URL: z.string().optional(),
  STRIPE_WEBHOOK_SECRETS: z.string().optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_WEBHOOK_SECRETS: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  BACKUP_FOLDER: z.string().optional(),
  BACKUP_EVERY: z.string().default('6h'),
  BACKUP_KEEP: z.string().default('28'),
  TEST_DATABASE_URL: z.string().optional(),
  TEST_REDIS_URL: z.string().optional(),
  /** Set by continuous integration: there no test is skipped for want of a tool. */
  CI: z.string().optional(),
});

/** What a person may set. An empty variable counts as unset. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env) {
  return environment.parse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
  );
}

/** The whole environment, for the programs we start. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
