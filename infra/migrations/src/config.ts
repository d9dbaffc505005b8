import { parseConfig } from '@liventix/shared/config';
import { z } from 'zod';

const schema = z.object({ DATABASE_URL: z.url() });

export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  return parseConfig(schema, env);
}
