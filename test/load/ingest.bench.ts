import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { quantile } from './figures.ts';
import { type Hammered, hammer, postRequest, times } from './hammer.ts';
import { atRate, report, Shop, stackCalled } from './load.ts';
import { cpuDuring } from './processes.ts';
import { startRival } from './rivals.ts';
import { Rounds } from './rounds.ts';

/*
 * Signed events stored with their outbox row, three in ten of them sent twice: ours, a transaction
 * an event, and the same route that stores nothing. What carries the messages on is stopped while a
 * round runs, since storing is measured and all share two cores.
 */

const eventsPerRound = 6_000;
const duplicates = 0.3;
const connections = 64;

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const [webhookSecret = ''] = stack.stripe_webhook_secrets;
const env = { DATABASE_URL: stack.database_url, WEBHOOK_SECRET: webhookSecret };
const naive = await startRival('ingest-server.ts', { ...env, RIVAL: 'naive' });
const bare = await startRival('ingest-server.ts', { ...env, RIVAL: 'bare' });

const idle = ['ticketing', 'notifications', 'inventory-sweeper', 'ops', 'checkout'];
const signalIdle = (signal: NodeJS.Signals) => {
  for (const name of idle) {
    process.kill(shop.pidOf(name), signal);
  }
};

/** An event of three kilobytes, about an order that nobody placed. */
function makeEvent(id: string): { readonly payload: string; readonly signature: string } {
  const payload = JSON.stringify(
    {
      id,
      object: 'event',
      api_version: '2026-10-28.endive',
      created: Math.floor(Date.now() / 1_000),
      livemode: false,
      type: 'checkout.session.completed',
      data: {
        object: {
          object: 'checkout.session',
          id: `cs_test_${id}`,
          client_reference_id: randomUUID(),
          metadata: { filler: 'x'.repeat(2_500) },
        },
      },
    },
    null,
    2,
  );
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret });
  return { payload, signature };
}

function makeRequest(id: string): string {
  const { payload, signature } = makeEvent(id);
  return postRequest('/webhooks/stripe', payload, { 'stripe-signature': signature });
}

interface Round {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly serverUs: number;
  readonly postgresUs: number;
}

async function run(target: { url: string; pid: number }, stores: boolean): Promise<Round> {
  const prefix = `evt_${randomUUID().slice(0, 8)}`;
  const distinct = Math.round(eventsPerRound * (1 - duplicates));
  // Prepared beforehand: signing is the sender's work. The second copies lie among the first ones.
  const requests = Array.from({ length: eventsPerRound }, (_, n) =>
    makeRequest(`${prefix}_${n < distinct ? n : n - distinct}`),
  );
  for (let at = requests.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [requests[at], requests[other]] = [requests[other] ?? '', requests[at] ?? ''];
  }
  signalIdle('SIGSTOP');
  const pids = { server: target.pid, postgres: shop.pidOf('postgres') };
  const { result, cpu } = await cpuDuring(
    pids,
    async () =>
      await hammer({
        url: target.url,
        connections,
        next: times(eventsPerRound, () => requests.pop() ?? ''),
      }),
  );
  signalIdle('SIGCONT');
  await checkRound(prefix, result, stores ? distinct : 0);
  return {
    perSecond: result.perSecond,
    p99Ms: quantile(result.latenciesMs, 0.99),
    serverUs: (cpu.server * 1_000) / eventsPerRound,
    postgresUs: (cpu.postgres * 1_000) / eventsPerRound,
  };
}

/** Each event once, each with one message; otherwise the round is void. */
async function checkRound(prefix: string, result: Hammered, expected: number): Promise<void> {
  const { rows } = await shop.db.pool.raw(
    `select (select count(*) from stripe_events where id like :like)::int as events,
            (select count(*) from outbox where payload ->> 'eventId' like :like)::int as messages`,
    { like: `${prefix}%` },
  );
  const isWhole = result.statuses['200'] === eventsPerRound && result.broken === 0;
  if (!isWhole || rows[0].events !== expected || rows[0].messages !== expected) {
    throw new Error(`void: ${JSON.stringify({ ...rows[0], expected, statuses: result.statuses })}`);
  }
  // Thousands of orders that do not exist: nothing may be left to settle when the next round begins.
  await shop.db.pool.raw(
    `update outbox set done_at = now() where payload ->> 'eventId' like :like and done_at is null and dead_at is null`,
    { like: `${prefix}%` },
  );
  await sleep(200);
}

/** Events sent at this rate, whether or not those before were answered: p99 milliseconds. */
async function atHalfLoad(perSecond: number): Promise<number> {
  const prefix = `evt_${randomUUID().slice(0, 8)}`;
  const count = perSecond * 4;
  const requests = Array.from({ length: count }, (_, n) => makeEvent(`${prefix}_${n}`));
  signalIdle('SIGSTOP');
  const latencies = await atRate({ perSecond, count }, async () => {
    const { payload, signature } = requests.pop() ?? { payload: '', signature: '' };
    const startedAt = performance.now();
    const answer = await fetch(`${stack.urls.webhook_ingest}/webhooks/stripe`, {
      method: 'POST',
      body: payload,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    });
    await answer.arrayBuffer();
    if (answer.status !== 200) {
      throw new Error(`void: an event was answered with ${answer.status}`);
    }
    return performance.now() - startedAt;
  });
  signalIdle('SIGCONT');
  return quantile(latencies, 0.99);
}

const rounds = await Rounds.interleave(
  {
    ours: async () =>
      await run({ url: stack.urls.webhook_ingest, pid: shop.pidOf('webhook-ingest') }, true),
    naive: async () => await run(naive, true),
    bare: async () => await run(bare, false),
  },
  5,
);
const eventsPerSecond = rounds.each((round) => round.perSecond, 0);
const half = Math.round(eventsPerSecond.ours.median / 2);
report({
  settings: await shop.settings(),
  events_per_s: eventsPerSecond,
  p99_ms: rounds.each((round) => round.p99Ms),
  server_cpu_us: rounds.each((round) => round.serverUs, 0),
  postgres_cpu_us: rounds.each((round) => round.postgresUs, 0),
  ours_to_naive: rounds.ratio('ours', 'naive', (round) => round.perSecond),
  ours_to_bare: rounds.ratio('ours', 'bare', (round) => round.perSecond),
  half_load: { per_s: half, p99_ms: await atHalfLoad(half) },
});
naive.stop();
bare.stop();
await shop.db[Symbol.asyncDispose]();
