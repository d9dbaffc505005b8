import { waitFor } from '@liventix/shared/testing/wait';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { loadTestConfig } from '#support/config';
import { killed } from '#support/killing';
import {
  count,
  http,
  orderBecomes,
  pay,
  placeOrder,
  readOrder,
  resend,
  sellEvent,
  setWeather,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterEach(async () => {
  await setWeather(world, 'stripe', {});
  await setWeather(world, 'resend', {});
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/**
 * Holds the serial counter of an event, so that phase two of settling cannot pass: what runs when
 * this is held is killed between the phases.
 */
async function blockPhaseTwo(eventId: string, during: () => Promise<void>): Promise<void> {
  await world.db.inTransaction(async (tx) => {
    await tx.raw('set local idle_in_transaction_session_timeout = 0');
    await tx.raw('select 1 from event_counters where event_id = :eventId for update', { eventId });
    await during();
  });
}

test('a worker killed between the phases: the next one finishes the order', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await blockPhaseTwo(event.id, async () => {
    await pay(world, placed.sessionId);
    await orderBecomes(world, placed, 'paid');
    await killed(world, 'ticketing');
  });
  expect((await orderBecomes(world, placed, 'fulfilled')).tickets).toHaveLength(2);
});

test('Redis flushed with jobs in flight: every order is finished', async () => {
  const event = await sellEvent(world);
  const placed = await Promise.all(Array.from({ length: 5 }, () => placeOrder(world, event)));
  const { supervisor } = world.stack;
  // Each of them, if there are several: nobody may take the jobs.
  const workers = Object.keys(supervisor.pids()).filter((name) => /^ticketing(-\d+)?$/.test(name));
  for (const worker of workers) {
    supervisor.signal(worker, 'SIGSTOP');
  }
  await Promise.all(placed.map((order) => pay(world, order.sessionId)));
  const dispatched = `from outbox where name = 'order.settle' and dispatched_at is not null
                       and done_at is null`;
  await waitFor(async () => (await count(world, dispatched)) >= 5, { what: 'five waiting jobs' });
  const redis = new Redis(world.stack.redisUrl);
  await redis.flushall();
  redis.disconnect();
  for (const worker of workers) {
    supervisor.signal(worker, 'SIGCONT');
  }
  await Promise.all(placed.map((order) => orderBecomes(world, order, 'fulfilled')));
});

test('Redis down: webhooks are still taken, and the orders finished when it is back', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  const { supervisor } = world.stack;
  supervisor.setKeep('redis', false);
  supervisor.signal('redis', 'SIGKILL');
  await waitFor(async () => !('redis' in supervisor.pids()), { what: 'Redis to be gone' });
  await pay(world, placed.sessionId);
  await waitFor(
    async () =>
      (await count(
        world,
        `from stripe_events where type = 'checkout.session.completed'
           and payload -> 'data' -> 'object' ->> 'id' = :id`,
        { id: placed.sessionId },
      )) === 1,
    { what: 'the webhook to be stored' },
  );
  expect((await readOrder(world, placed)).status).toBe(200);
  supervisor.revive('redis');
  await orderBecomes(world, placed, 'fulfilled');
});

test('Redis frozen: ingest answers within a second, and nothing is lost', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  const { supervisor, urls } = world.stack;
  supervisor.signal('redis', 'SIGSTOP');
  try {
    await pay(world, placed.sessionId);
    await waitFor(
      async () =>
        (await count(
          world,
          `from stripe_events where payload -> 'data' -> 'object' ->> 'id' = :id`,
          { id: placed.sessionId },
        )) === 1,
      { what: 'the webhook to be stored' },
    );
    expect((await http(`${urls.webhook_ingest}/health/ready`)).status).toBe(200);
  } finally {
    supervisor.signal('redis', 'SIGCONT');
  }
  await orderBecomes(world, placed, 'fulfilled');
});

test('Resend down: tickets are on the page at once, the mail comes later, and once', async () => {
  await setWeather(world, 'resend', { down: true });
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  const order = await orderBecomes(world, placed, 'fulfilled');
  expect(order.tickets).toHaveLength(2);
  expect(order.mails[0].status).toBe('queued');
  await setWeather(world, 'resend', { timeout_after_success_rate: 1 });
  const accepted = async () =>
    (await resend(world, 'books')).body.emails.filter((mail: { subject: string }) =>
      mail.subject.includes(order.number),
    );
  await waitFor(async () => (await accepted()).length === 1, {
    what: 'a mail nobody heard of',
    timeoutMs: 120_000,
  });
  await setWeather(world, 'resend', {});
  await waitFor(
    async () => (await readOrder(world, placed)).body.mails?.[0]?.status === 'delivered',
    { what: 'the mail to be known as sent', timeoutMs: 120_000 },
  );
  expect(await accepted()).toHaveLength(1);
});

/** Each costs the wait until a stalled job is taken up again. */
const kills = loadTestConfig().LIVENTIX_TEST_ALL ? 10 : 4;

test('killed again and again in the same job: it is finished, not failed', {
  timeout: 900_000,
}, async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await blockPhaseTwo(event.id, async () => {
    await pay(world, placed.sessionId);
    await orderBecomes(world, placed, 'paid');
    for (let kill = 0; kill < kills; kill += 1) {
      await waitFor(async () => await isBlocked(), {
        what: `run ${kill + 1} of the job to reach phase two`,
        timeoutMs: 120_000,
      });
      await killed(world, 'ticketing');
    }
  });
  await orderBecomes(world, placed, 'fulfilled');
  expect(await count(world, 'from outbox where dead_at is not null')).toBe(0);
});

/** Whether a transaction waits for the serial counter at this moment. */
async function isBlocked(): Promise<boolean> {
  return (
    (await count(
      world,
      `from pg_stat_activity where application_name = 'ticketing' and wait_event_type = 'Lock'
         and datname = current_database()`,
    )) > 0
  );
}
