import { queues } from '@liventix/contracts/jobs';
import { createDocuments, type Documents } from '@liventix/documents';
import { createSigner, type Signer } from '@liventix/domain/credentials/signer';
import { oversellGuards } from '@liventix/domain/inventory';
import { requiredSchema } from '@liventix/domain/migrations';
import { createCourier } from '@liventix/domain/outbox/courier';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { createProducer } from '@liventix/shared/queues/producer';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import { createTokens, type Tokens } from '@liventix/shared/tokens';
import type { Config } from '#config';
import { EventIds } from '#events/event-ids';
import { FairShare } from '#holds/fair-share';
import { createHoldDesk, type HoldDesk } from '#holds/hold-desk';
import { createSessionSlots, type SessionSlots } from '#payments/session-slots';
import { createStripeClient, type StripeClient } from '#payments/stripe-client';

export interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly db: Database;
  readonly tokens: Tokens;
  readonly eventIds: EventIds;
  readonly holdDesk: HoldDesk;
  readonly fairShare: FairShare;
  readonly slots: SessionSlots;
  /** For limits: gives up within half a second. */
  readonly redis: RedisClient;
  /** Undefined without a key: free orders go on, paid ones say that checkout is not set up. */
  readonly stripe: StripeClient | undefined;
  /** A ticket that changes hands is signed anew. */
  readonly signer: Signer;
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
      applicationName: 'checkout',
      guards: oversellGuards,
      onCommitted: courier.send,
    }),
  );
  stack.defer(async () => await courier.drain());
  await requireSchema(db.pool, requiredSchema);
  const holdDesk = stack.adopt(
    createHoldDesk({ db }, { waitingMax: config.HOLDS_WAITING_MAX, inFlightMax: 4 }),
    async (open) => await open.close(),
  );
  const redis = stack.adopt(
    connectRedis({
      url: config.REDIS_URL,
      role: 'lock',
      onError: (error) => log.warn({ err: error }, 'redis fault'),
    }),
    (open) => open.disconnect(),
  );
  return {
    config,
    log,
    db,
    tokens: createTokens(config.TOKEN_SECRETS),
    eventIds: new EventIds(db),
    holdDesk,
    redis,
    fairShare: new FairShare(redis, { seats: config.HELD_SEATS_PER_CLIENT }),
    slots: createSessionSlots(redis, { perSecond: config.STRIPE_SESSIONS_PER_SECOND }),
    stripe: createStripeClient(config),
    signer: createSigner(config.MASTER_KEYS),
    documents: stack.adopt(createDocuments(), async (open) => await open.close()),
  };
}
