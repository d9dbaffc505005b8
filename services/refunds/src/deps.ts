import { queues } from '@liventix/contracts/jobs';
import { oversellGuards } from '@liventix/domain/inventory';
import { requiredSchema } from '@liventix/domain/migrations';
import { createCourier } from '@liventix/domain/outbox/courier';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { createProducer } from '@liventix/shared/queues/producer';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { Config } from '#config';
import { createStripeClient, type StripeClient } from '#stripe-client';

export interface Deps {
  readonly log: Log;
  readonly db: Database;
  readonly locks: RedisClient;
  /** The worker's own connection: it waits for Redis as long as it takes. */
  readonly queueRedis: RedisClient;
  readonly stripe: StripeClient;
}

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
      applicationName: 'refunds',
      guards: oversellGuards,
      onCommitted: courier.send,
    }),
  );
  stack.defer(async () => await courier.drain());
  await requireSchema(db.pool, requiredSchema);
  const connect = (role: 'worker' | 'lock') =>
    stack.adopt(connectRedis({ url: config.REDIS_URL, role, onError }), (open) =>
      open.disconnect(),
    );
  return {
    log,
    db,
    locks: connect('lock'),
    queueRedis: connect('worker'),
    stripe: createStripeClient(config),
  };
}
