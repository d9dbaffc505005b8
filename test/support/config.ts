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
  PATH: z.string().default(''),
});

export function loadTestConfig(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}

/** The whole environment, for the commands that a test starts. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
