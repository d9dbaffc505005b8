import { parseConfig } from '@liventix/shared/config';
import { httpFields, masterFields, serviceFields } from '@liventix/shared/config/fields';
import { watchFields } from '@liventix/watch/config';
import { z } from 'zod';

export const schema = z.object({
  ...serviceFields,
  ...watchFields,
  ...httpFields,
  ...masterFields,
  /** Where a trace is looked at, with {trace} for its id: the console links there. */
  TRACE_URL: z.url().optional(),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
