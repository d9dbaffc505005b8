import { z } from 'zod';

/**
 * Parses the environment once, at boot. Reports every fault at once and prints no values. An empty
 * variable counts as unset, as in an .env file whose line was left blank.
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(filled);
  if (result.success) {
    return result.data;
  }
  throw new Error(`Invalid environment:\n${z.prettifyError(result.error)}`);
}
