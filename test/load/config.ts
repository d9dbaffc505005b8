import { z } from 'zod';

const stackSchema = z.object({
  urls: z.object({
    checkout: z.string(),
    webhook_ingest: z.string(),
    door: z.string(),
    ops: z.string(),
    stripe: z.string(),
  }),
  addresses: z.record(z.string(), z.string()),
  database_url: z.string(),
  redis_url: z.string(),
  admin_api_key: z.string(),
  stripe_webhook_secrets: z.array(z.string()),
  pids: z.record(z.string(), z.int()),
});

/** A stack under load, as `./liventix up --json` describes it. */
export type StackUnderLoad = z.output<typeof stackSchema>;

const schema = z.object({
  /** The stacks of this benchmark, by the name that its plan gives them. */
  LIVENTIX_STACKS: z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(z.record(z.string(), stackSchema)),
  /** Where a stack that is traced sends its spans. */
  LIVENTIX_COLLECTOR_PORT: z.coerce.number().int(),
  LIVENTIX_BENCH_JSON: z.string().optional(),
  /** How many old orders `bench growth` lies beside ten thousand. */
  LIVENTIX_GROWTH_ORDERS: z.coerce.number().int().min(10_000).default(1_000_000),
  /** How many paid orders the event of `bench refunds` has when it is cancelled. */
  LIVENTIX_REFUND_ORDERS: z.coerce.number().int().min(100).default(10_000),
  /** Among how many orders `bench console` searches. */
  LIVENTIX_CONSOLE_ORDERS: z.coerce.number().int().min(10_000).default(1_000_000),
  /** How many orders `bench verify` proves. */
  LIVENTIX_VERIFY_ORDERS: z.coerce.number().int().min(1_000).default(1_000_000),
});

export function loadBench(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}

const rivalSchema = z.object({
  RIVAL: z.enum(['naive', 'bare', 'refusing']),
  DATABASE_URL: z.string(),
});

/** What a rival process is told. */
export function loadRival(env: NodeJS.ProcessEnv = process.env) {
  return rivalSchema.parse(env);
}

const ingestRivalSchema = rivalSchema.extend({ WEBHOOK_SECRET: z.string() });

export function loadIngestRival(env: NodeJS.ProcessEnv = process.env) {
  return ingestRivalSchema.parse(env);
}

const doorRivalSchema = rivalSchema.extend({ PUBLIC_KEY: z.string() });

export function loadDoorRival(env: NodeJS.ProcessEnv = process.env) {
  return doorRivalSchema.parse(env);
}

/** The whole environment, for the processes that a benchmark starts. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
