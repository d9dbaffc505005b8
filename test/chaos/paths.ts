import { setTimeout as sleep } from 'node:timers/promises';
import { queues } from '@liventix/contracts/jobs';
import { createCourier } from '@liventix/domain/outbox/courier';
import { enqueue } from '@liventix/domain/outbox/repository';
import { connectDatabase } from '@liventix/shared/db';
import { createProducer } from '@liventix/shared/queues/producer';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { z } from 'zod';
import { http, pay, stripe, type World } from '#support/world';
import { type CrashPath, tickMs } from './crash-sweep.ts';
import { bought, expired, type Work } from './effects.ts';

const never = '3600000';

/** Jobs of killed workers come back within two seconds; no tick but those a path names. */
const usual = {
  WORKER_LOCK_MS: '1000',
  RECONCILE_INTERVAL_MS: never,
  SWEEP_INTERVAL_MS: never,
  RELAY_INTERVAL_MS: '500',
};

async function payUnheard(world: World, work: Work): Promise<void> {
  await pay(world, work.placed.sessionId);
}

/** Commits a cause to settle the order and takes it to Redis at once, as a service does. */
async function settle(world: World, work: Work): Promise<void> {
  const { orderId, sessionId } = work.placed;
  const log = createLogger({ name: 'crash-sweep', level: 'silent' });
  const producer = createProducer({
    redisUrl: world.stack.redisUrl,
    prefix: '{liventix}',
    queues,
    log,
  });
  const courier = createCourier({ producer, executor: () => db.pool, log });
  await using db = connectDatabase({
    url: world.stack.databaseUrl,
    poolMax: 1,
    onCommitted: courier.send,
  });
  await db.inTransaction(async (tx) => {
    await enqueue(tx, 'order.settle', { orderId, sessionId });
  });
  await courier.drain();
  await producer.close();
}

/** Commits the same cause as if its sender had died right after: old, and never dispatched. */
async function leaveUnsent(world: World, work: Work): Promise<void> {
  const { orderId, sessionId } = work.placed;
  await world.db.inTransaction(async (tx) => {
    const id = await enqueue(tx, 'order.settle', { orderId, sessionId });
    await tx.raw(`update outbox set created_at = created_at - interval '1 minute' where id = :id`, {
      id,
    });
  });
}

const eventList = z.object({
  data: z.array(
    z.object({ id: z.string(), data: z.object({ object: z.object({ id: z.string() }) }) }),
  ),
});

/** Delivers the event of the payment, again and again until a 2xx, as Stripe does for three days. */
async function deliver(world: World, work: Work): Promise<void> {
  const list = await http(
    `${world.stack.urls.stripe}/v1/events?type=checkout.session.completed&limit=100`,
    { token: world.stack.stripeSecretKey },
  );
  const event = eventList
    .parse(list.body)
    .data.find(({ data }) => data.object.id === work.placed.sessionId);
  for (let accepted = 0; accepted === 0; ) {
    accepted = (await stripe(world, `events/${event?.id}/deliver`, {})).body.accepted;
    await sleep(50);
  }
}

async function makeDue(world: World, work: Work): Promise<void> {
  await world.db.pool.raw(
    `update ticket_holds set expires_at = clock_timestamp() - interval '1 second'
      where id = :holdId`,
    { holdId: work.placed.holdId },
  );
}

export const paths: readonly CrashPath[] = [
  {
    name: 'ingest',
    service: 'webhook-ingest',
    overrides: usual,
    expected: { ...bought, 'paid events': 1 },
    prepare: payUnheard,
    begin: deliver,
  },
  {
    name: 'settle',
    service: 'ticketing',
    overrides: usual,
    expected: bought,
    prepare: payUnheard,
    begin: settle,
  },
  {
    name: 'mail',
    service: 'notifications',
    overrides: usual,
    expected: bought,
    prepare: payUnheard,
    begin: settle,
  },
  {
    name: 'relay',
    service: 'inventory-sweeper',
    overrides: { ...usual, RELAY_INTERVAL_MS: String(tickMs) },
    tick: 'outbox.relay',
    expected: bought,
    prepare: payUnheard,
    begin: leaveUnsent,
  },
  {
    name: 'expiry',
    service: 'inventory-sweeper',
    overrides: { ...usual, SWEEP_INTERVAL_MS: String(tickMs), RELAY_INTERVAL_MS: never },
    tick: 'holds.expire',
    expected: expired,
    prepare: async () => undefined,
    begin: makeDue,
  },
];
