import { z } from 'zod';

const schema = z.object({
  PORT: z.coerce.number().int().default(0),
  HOST: z.string().default('127.0.0.1'),
  RESEND_API_KEY: z.string().min(8),
  /** Where delivery events go; both or none. */
  RESEND_WEBHOOK_URL: z.url().optional(),
  RESEND_WEBHOOK_SECRET: z.string().startsWith('whsec_').optional(),
  RATE_LIMIT_PER_S: z.coerce.number().min(0).default(5),
});

export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}
