import { z } from 'zod';

const targets = z.array(z.strictObject({ url: z.url(), secret: z.string().min(8) }));

const schema = z.object({
  PORT: z.coerce.number().int().default(0),
  HOST: z.string().default('127.0.0.1'),
  STRIPE_SECRET_KEY: z.string().min(8),
  /** JSON: [{"url", "secret"}] of each webhook endpoint. */
  WEBHOOK_TARGETS: z
    .string()
    .default('[]')
    .transform((text): unknown => JSON.parse(text))
    .pipe(targets),
  SESSION_RATE_LIMIT_PER_S: z.coerce.number().min(0).default(25),
});

export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}
