import { queues } from '@liventix/contracts/jobs';
import { requiredSchema } from '@liventix/domain/migrations';
import { createCourier } from '@liventix/domain/outbox/courier';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { createProducer } from '@liventix/shared/queues/producer';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { Config } from '#config';
import { createEventInbox, type EventInbox } from '#stripe/event-inbox';

export interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly db: Database;
  readonly inbox: EventInbox;
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
      applicationName: 'webhook-ingest',
      onCommitted: courier.send,
    }),
  );
  stack.defer(async () => await courier.drain());
  await requireSchema(db.pool, requiredSchema);
  const inbox = stack.adopt(createEventInbox({ db }), async (open) => await open.close());
  return { config, log, db, inbox };
}
