import { queues } from '@liventix/contracts/jobs';
import { oversellGuards } from '@liventix/domain/inventory';
import { requiredSchema } from '@liventix/domain/migrations';
import { createCourier } from '@liventix/domain/outbox/courier';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { createProducer } from '@liventix/shared/queues/producer';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import { Queue } from 'bullmq';
import { Doorkeeper } from '#access/doorkeeper';
import type { Config } from '#config';

export interface Deps {
  readonly config: Config;
  readonly log: Log;
  /** For limits: gives up within half a second. */
  readonly redis: RedisClient;
  readonly db: Database;
  /** For sums over whole tables: their own few connections, whose statements may take their time. */
  readonly books: Database;
  /** For all that is kept of a person, which may be much: beside the sums, and off the way of orders. */
  readonly people: Database;
  /** The board's own view of every queue, which fails when Redis is away. It reads; nothing here sends. */
  readonly boardQueues: readonly Queue[];
  /** Cuts off who reads on and may no more. */
  readonly doorkeeper: Doorkeeper;
}

/**
 * A million orders take a busy machine over five seconds. An answer has thirty until its connection
 * is closed, and a third reader at once is told to come back rather than slowing the sales further.
 */
const booksPool = { poolMax: 2, statementTimeoutMs: 20_000 } as const;

/**
 * Somebody who bought for thousands takes longer than a statement beside sales may. Read or forgotten one
 * after the other: it happens a few times a day, and holds locks on all that person's orders.
 */
const peoplePool = { poolMax: 1, statementTimeoutMs: 20_000 } as const;

/** Opens everything with a lifetime; the stack closes it in reverse order. */
export async function openDeps(
  config: Config,
  stack: AsyncDisposableStack,
  log: Log,
): Promise<Deps> {
  const producer = stack.adopt(
    createProducer({ redisUrl: config.REDIS_URL, prefix: config.QUEUE_PREFIX, queues, log }),
    async (open) => await open.close(),
  );
  const courier = createCourier({ producer, executor: () => db.pool, log });
  const db: Database = stack.use(
    connectDatabase({
      url: config.DATABASE_URL,
      poolMax: config.DATABASE_POOL_MAX,
      applicationName: 'ops',
      guards: oversellGuards,
      onCommitted: courier.send,
    }),
  );
  const books = stack.use(
    connectDatabase({ url: config.DATABASE_URL, applicationName: 'ops-books', ...booksPool }),
  );
  const people = stack.use(
    connectDatabase({ url: config.DATABASE_URL, applicationName: 'ops-people', ...peoplePool }),
  );
  stack.defer(async () => await courier.drain());
  await requireSchema(db.pool, requiredSchema);
  const onError = (error: Error) => log.debug({ err: error }, 'redis fault');
  const connection = stack.adopt(
    connectRedis({ url: config.REDIS_URL, role: 'producer', onError }),
    (open) => open.disconnect(),
  );
  const boardQueues = queues.map((name) => {
    const queue = new Queue(name, {
      connection,
      prefix: config.QUEUE_PREFIX,
      skipWaitingForReady: true,
      skipVersionCheck: true,
    });
    queue.on('error', onError);
    return stack.adopt(queue, async (open) => await open.close());
  });
  const redis = stack.adopt(
    connectRedis({ url: config.REDIS_URL, role: 'lock', onError }),
    (open) => open.disconnect(),
  );
  const doorkeeper = stack.adopt(new Doorkeeper(log), (open) => open.close());
  return { config, log, db, books, people, redis, boardQueues, doorkeeper };
}
