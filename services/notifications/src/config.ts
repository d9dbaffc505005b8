import { parseConfig } from '@liventix/shared/config';
import { serviceFields, tokenFields, workerFields } from '@liventix/shared/config/fields';
import { z } from 'zod';

export const schema = z.object({
  ...serviceFields,
  ...tokenFields,
  ...workerFields,
  /** Without a key mails are withheld, and sent once there is one. */
  RESEND_API_KEY: z.string().min(4).optional(),
  /** Another address than Resend's own: the simulator's. */
  RESEND_API_URL: z.url().optional(),
  MAIL_FROM: z.string().min(3).max(320).default('Liventix <tickets@liventix.dev>'),
  /** Where buyers reach the checkout service: links in mails start with it. */
  PUBLIC_URL: z.url(),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(4),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
