import { queues } from '@liventix/contracts/jobs';
import { oversellGuards } from '@liventix/domain/inventory';
import { requiredSchema } from '@liventix/domain/migrations';
import { createCourier } from '@liventix/domain/outbox/courier';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { createProducer, type Producer } from '@liventix/shared/queues/producer';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { Config } from '#config';
import { createStripeClient, type StripeClient } from '#payments/stripe-client';

export interface Deps {
  readonly log: Log;
  readonly db: Database;
  /** For the audit alone: one connection, whose statements may take longer than a sale's. */
  readonly books: Database;
  readonly producer: Producer;
  /** The tickers' own connection: it waits for Redis as long as it takes. */
  readonly queueRedis: RedisClient;
  /** For the watch: gives up within half a second. */
  readonly watchRedis: RedisClient;
  /** Of every key in Redis. */
  readonly prefix: string;
  /** Undefined without a key: no page was ever opened, and there is nothing to reconcile with. */
  readonly stripe: StripeClient | undefined;
  readonly pagesPerSecond: number;
  readonly refundsPerSecond: number;
}

/** What a statement of the audit may take; one that takes longer is `unknown`, which is told too. */
const auditStatementMs = 30_000;

/** Opens everything with a lifetime; the stack closes it in reverse order. */
export async function openDeps(
  config: Config,
  stack: AsyncDisposableStack,
  log: Log,
): Promise<Deps> {
  const onError = (error: Error) => log.debug({ err: error }, 'redis fault');
  const producer = stack.adopt(
    createProducer({ redisUrl: config.REDIS_URL, prefix: config.QUEUE_PREFIX, queues, log }),
    async (open) => await open.close(),
  );
  const courier = createCourier({ producer, executor: () => db.pool, log });
  const db: Database = stack.use(
    connectDatabase({
      url: config.DATABASE_URL,
      poolMax: config.DATABASE_POOL_MAX,
      applicationName: 'inventory-sweeper',
      guards: oversellGuards,
      onCommitted: courier.send,
    }),
  );
  const books = stack.use(
    connectDatabase({
      url: config.DATABASE_URL,
      poolMax: 1,
      applicationName: 'books-audit',
      statementTimeoutMs: auditStatementMs,
    }),
  );
  stack.defer(async () => await courier.drain());
  await requireSchema(db.pool, requiredSchema);
  const queueRedis = stack.adopt(
    connectRedis({ url: config.REDIS_URL, role: 'worker', onError }),
    (open) => open.disconnect(),
  );
  const watchRedis = stack.adopt(
    connectRedis({ url: config.REDIS_URL, role: 'lock', onError }),
    (open) => open.disconnect(),
  );
  return {
    log,
    db,
    books,
    producer,
    queueRedis,
    watchRedis,
    prefix: config.QUEUE_PREFIX,
    stripe: createStripeClient(config),
    pagesPerSecond: config.PAGES_CLOSED_PER_SECOND,
    refundsPerSecond: config.REFUNDS_PER_SECOND,
  };
}
