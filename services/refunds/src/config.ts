import { parseConfig } from '@liventix/shared/config';
import { serviceFields, stripeFields, workerFields } from '@liventix/shared/config/fields';
import { z } from 'zod';

export const schema = z.object({
  ...serviceFields,
  ...stripeFields,
  ...workerFields,
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(8),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
