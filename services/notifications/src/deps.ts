import { queues } from '@liventix/contracts/jobs';
import { createDocuments, type Documents } from '@liventix/documents';
import { requiredSchema } from '@liventix/domain/migrations';
import { createCourier } from '@liventix/domain/outbox/courier';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { createProducer } from '@liventix/shared/queues/producer';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import { createTokens, type Tokens } from '@liventix/shared/tokens';
import type { Config } from '#config';
import { createMailer, type Mailer } from '#resend-client';

export interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly db: Database;
  readonly tokens: Tokens;
  readonly queueRedis: RedisClient;
  readonly locks: RedisClient;
  /** Undefined without a key. */
  readonly mailer: Mailer | undefined;
  readonly documents: Documents;
}

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
      applicationName: 'notifications',
      onCommitted: courier.send,
    }),
  );
  stack.defer(async () => await courier.drain());
  await requireSchema(db.pool, requiredSchema);
  const onError = (error: Error) => log.debug({ err: error }, 'redis fault');
  const connect = (role: 'worker' | 'lock') =>
    stack.adopt(connectRedis({ url: config.REDIS_URL, role, onError }), (open) =>
      open.disconnect(),
    );
  return {
    config,
    log,
    db,
    queueRedis: connect('worker'),
    locks: connect('lock'),
    tokens: createTokens(config.TOKEN_SECRETS),
    mailer: createMailer(config),
    documents: stack.adopt(createDocuments(), async (open) => await open.close()),
  };
}
