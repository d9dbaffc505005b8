import { z } from 'zod';

const schema = z.object({
  /** The line of `./liventix up --json` of the stack to load. */
  LIVENTIX_STACK: z.string(),
  LIVENTIX_BENCH_JSON: z.string().optional(),
});

export function loadBench(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}
