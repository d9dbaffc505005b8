import { z } from 'zod';

const schema = z.object({
  /** How many of each service the worlds of the tests run; `./liventix test --all` sets three. */
  LIVENTIX_TEST_SCALE: z.coerce.number().int().min(1).max(16).default(1),
  /** Set by `./liventix test --all`: the long form of tests that have one. */
  LIVENTIX_TEST_ALL: z
    .string()
    .optional()
    .transform((text) => text === '1'),
  /** The Chromium or Chrome that tests look at pages with; without, one is looked for. */
  LIVENTIX_CHROMIUM: z.string().min(1).optional(),
  /** Prometheus' checker of rules; without, one on the path. */
  LIVENTIX_PROMTOOL: z.string().min(1).optional(),
  /** Set by continuous integration: there nothing is skipped for want of a tool. */
  CI: z
    .string()
    .optional()
    .transform((text) => text === 'true'),
  PATH: z.string().default(''),
});

export function loadTestConfig(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}

/** The whole environment, for the commands that a test starts. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
