import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@liventix/shared/db';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { quantile } from './figures.ts';
import { atRate, type Paid, report, Shop, stackCalled } from './load.ts';
import { cpuDuring } from './processes.ts';
import { Rounds } from './rounds.ts';

/*
 * Paid events to tickets: a backlog of signed events delivered at once, beside how often the same
 * Postgres commits at all under the same number of writers; then at half that rate, from delivery to
 * tickets. An order is two transactions of its own: settling is not coalesced, so there is no naive
 * rival to beat.
 */

const backlog = 200;
const clients = 8;
const writers = 8;
const commitSeconds = 3;

const stack = stackCalled('ours');
const shop = new Shop(stack);
const commits = connectDatabase({ url: stack.database_url, poolMax: writers });
const connection = new Redis(stack.redis_url, { maxRetriesPerRequest: null });
/** Mails wait until the end: settling is measured, and both would share the cores. */
const mails = new Queue('notifications', { connection, prefix: '{liventix}' });
await mails.pause();
// Reading Stripe's list would settle what is to wait.
process.kill(shop.pidOf('inventory-sweeper'), 'SIGSTOP');

interface Unsettled extends Paid {
  /** Its event at the simulator, which nobody was told of. */
  readonly eventId: string;
}

interface Round {
  readonly perSecond: number;
  /** Processor microseconds an order, or a commit. */
  readonly ticketingUs: number;
  readonly postgresUs: number;
}

async function control(path: string, method = 'GET', body?: unknown) {
  const response = await fetch(`${stack.urls.stripe}/_simulator/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return JSON.parse(await response.text());
}

/** Orders whose money came and of which no webhook told. */
async function paidUnsettled(count: number): Promise<Unsettled[]> {
  await control('weather', 'PUT', { webhooks: { drop_rate: 1 } });
  const events = await Promise.all(
    Array.from({ length: clients }, async () => await shop.makeEvent()),
  );
  const paid = await Promise.all(
    events.map(async (event) => await shop.buyMany(event, 1, Math.ceil(count / clients))),
  );
  await control('weather', 'PUT', {});
  return await withEvents(paid.flat());
}

/** Which event tells of each of them. */
async function withEvents(paid: readonly Paid[]): Promise<Unsettled[]> {
  const made: { events: { id: string; type: string; about: string | null }[] } =
    await control('books?parts=events');
  const eventOf = new Map(
    made.events.flatMap(({ id, type, about }) =>
      type === 'checkout.session.completed' ? [[about, id] as const] : [],
    ),
  );
  return paid.map((order) => ({ ...order, eventId: eventOf.get(order.sessionId) ?? '' }));
}

async function deliver({ eventId }: Unsettled): Promise<number> {
  const at = Date.now();
  await control(`events/${eventId}/deliver`, 'POST', {});
  return at;
}

async function settleAll(): Promise<Round> {
  const orders = await paidUnsettled(backlog);
  const pids = { ticketing: shop.pidOf('ticketing'), postgres: shop.pidOf('postgres') };
  const { result, cpu } = await cpuDuring(pids, async () => {
    await Promise.all(orders.map(deliver));
    await shop.allFulfilled(orders);
    return await shop.fulfilledAt(orders);
  });
  await checkIssued(orders);
  const times = [...result.values()].toSorted((a, b) => a - b);
  return {
    perSecond: orders.length / (((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000),
    ticketingUs: (cpu.ticketing * 1_000) / orders.length,
    postgresUs: (cpu.postgres * 1_000) / orders.length,
  };
}

/** Each order has the two tickets that were bought, once; otherwise the round is void. */
async function checkIssued(orders: readonly Paid[]): Promise<void> {
  const { rows } = await shop.db.pool.raw(
    `select count(*)::int as tickets, count(distinct (order_item_id, seq))::int as distinct
       from tickets where order_id = any (:ids::uuid[])`,
    { ids: orders.map(({ orderId }) => orderId) },
  );
  const expected = orders.length * 2;
  if (rows[0].tickets !== expected || rows[0].distinct !== expected) {
    throw new Error(`void: ${expected} tickets were bought, and ${JSON.stringify(rows[0])}`);
  }
}

/** Commits of next to nothing, each flushed. */
async function commitOnly(): Promise<Round> {
  const pids = { postgres: shop.pidOf('postgres') };
  const until = performance.now() + commitSeconds * 1_000;
  const { result: count, cpu } = await cpuDuring(pids, async () => {
    const counts = await Promise.all(
      Array.from({ length: writers }, async () => {
        let done = 0;
        while (performance.now() < until) {
          await commits.pool.raw(`select pg_logical_emit_message(true, 'bench', 'x')`);
          done += 1;
        }
        return done;
      }),
    );
    return counts.reduce((sum, done) => sum + done, 0);
  });
  return {
    perSecond: count / commitSeconds,
    ticketingUs: 0,
    postgresUs: (cpu.postgres * 1_000) / count,
  };
}

async function atHalfLoad(perSecond: number) {
  const orders = await paidUnsettled(backlog);
  let next = 0;
  const delivered = await atRate({ perSecond, count: orders.length }, async () => {
    const order = orders[next];
    next += 1;
    return order === undefined ? 0 : await deliver(order);
  });
  await shop.allFulfilled(orders);
  const done = await shop.fulfilledAt(orders);
  const latencies = orders.map(
    ({ orderId }, at) => (done.get(orderId) ?? 0) - (delivered[at] ?? 0),
  );
  await checkIssued(orders);
  return { p50_ms: quantile(latencies, 0.5), p99_ms: quantile(latencies, 0.99) };
}

/** An order of five hundred tickets: from the delivery of its event to all of them. */
async function largeOrder(): Promise<number> {
  await control('weather', 'PUT', { webhooks: { drop_rate: 1 } });
  const event = await shop.makeEvent({ perOrder: 500 });
  const paid = await shop.buy(event, 500);
  await control('weather', 'PUT', {});
  const [order] = await withEvents([paid]);
  if (order === undefined) {
    throw new Error('void: the simulator knows no event of the order');
  }
  const at = await deliver(order);
  while ((await shop.ticketsOf(paid)) < 500) {
    await sleep(5);
  }
  return Date.now() - at;
}

const rounds = await Rounds.interleave({ ours: settleAll, commits: commitOnly }, 5);
const perSecond = rounds.each((round) => round.perSecond, 0);
const half = Math.max(1, Math.round(perSecond.ours.median / 2));
report({
  settings: await shop.settings(),
  per_s: perSecond,
  ours_to_commits: rounds.ratio('ours', 'commits', (round) => round.perSecond),
  ticketing_cpu_us: rounds.each((round) => round.ticketingUs, 0).ours,
  postgres_cpu_us: rounds.each((round) => round.postgresUs, 0),
  half_load: { per_s: half, ...(await atHalfLoad(half)) },
  order_of_500_ms: await largeOrder(),
});
process.kill(shop.pidOf('inventory-sweeper'), 'SIGCONT');
await sleep(100);
await mails.resume();
await mails.close();
connection.disconnect();
await commits[Symbol.asyncDispose]();
await shop.db[Symbol.asyncDispose]();
