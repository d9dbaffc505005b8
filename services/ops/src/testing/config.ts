import { z } from 'zod';

const schema = z.object({ LIVENTIX_TEST_ALL: z.string().optional() });

/** Whether the long tests run too. */
export function loadTestScale(env: NodeJS.ProcessEnv = process.env): { readonly isLong: boolean } {
  return { isLong: schema.parse(env).LIVENTIX_TEST_ALL === '1' };
}
