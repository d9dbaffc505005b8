import { parseConfig } from '@liventix/shared/config';
import {
  httpFields,
  masterFields,
  serviceFields,
  stripeFields,
  workerFields,
} from '@liventix/shared/config/fields';
import { z } from 'zod';

export const schema = z.object({
  ...serviceFields,
  ...httpFields,
  /** All scanners of a hall may come from one address. */
  RATE_LIMIT_PER_MINUTE: httpFields.RATE_LIMIT_PER_MINUTE.default(60_000),
  ...stripeFields,
  ...workerFields,
  ...masterFields,
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(8),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
