import { parseConfig } from '@liventix/shared/config';
import { httpFields, masterFields, serviceFields } from '@liventix/shared/config/fields';
import { z } from 'zod';

export const schema = z.object({ ...serviceFields, ...httpFields, ...masterFields });

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
