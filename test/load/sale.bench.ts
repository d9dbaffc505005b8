import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@liventix/shared/db';
import { z } from 'zod';
import { loadBench } from './config.ts';

/**
 * Payment to tickets, at a steady rate and at saturation, with the processor time each process
 * spends on an order. Times are Postgres' own: from the payment at the simulator to fulfilled_at.
 */
const stackSchema = z.object({
  urls: z.object({ checkout: z.string(), ops: z.string(), stripe: z.string() }),
  database_url: z.string(),
  admin_api_key: z.string(),
  pids: z.record(z.string(), z.int()),
});

const bench = loadBench();
const stack = stackSchema.parse(JSON.parse(bench.LIVENTIX_STACK));
await using db = connectDatabase({ url: stack.database_url, poolMax: 2 });

async function call(url: string, init: { token?: string; key?: boolean; body?: unknown }) {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(init.body ?? {}),
    headers: {
      'content-type': 'application/json',
      ...(init.token !== undefined && { authorization: `Bearer ${init.token}` }),
      ...(init.key === true && { 'idempotency-key': randomUUID() }),
    },
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${url}: ${response.status} ${text.slice(0, 200)}`);
  }
  return JSON.parse(text);
}

async function makeEvent(): Promise<{ slug: string; tier: string }> {
  const slug = `bench-${randomUUID().slice(0, 8)}`;
  const event = await call(`${stack.urls.ops}/admin/v1/events`, {
    token: stack.admin_api_key,
    body: {
      slug,
      title: 'Benchmark',
      venue: 'Here',
      starts_at: '2035-01-01T20:00:00Z',
      ends_at: '2035-01-01T23:00:00Z',
      timezone: 'UTC',
      currency: 'eur',
      tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 1_000_000 }],
    },
  });
  await call(`${stack.urls.ops}/admin/v1/events/${event.id}/publish`, {
    token: stack.admin_api_key,
  });
  return { slug, tier: event.tiers[0].id };
}

interface Paid {
  readonly orderId: string;
  readonly paidAtMs: number;
}

async function buy(event: { slug: string; tier: string }): Promise<Paid> {
  const { checkout, stripe } = stack.urls;
  const items = [{ tier: event.tier, quantity: 2 }];
  const hold = await call(`${checkout}/v1/holds`, {
    key: true,
    body: { event: event.slug, items },
  });
  const order = await call(`${checkout}/v1/holds/${hold.id}/checkout`, {
    token: hold.token,
    key: true,
    body: { buyer: { name: 'Bench', email: 'delivered@resend.dev' } },
  });
  const session = new URL(order.checkout_url).pathname.split('/').at(-1);
  const paidAtMs = Date.now();
  await call(`${stripe}/_simulator/checkout_sessions/${session}/pay`, {});
  return { orderId: order.order.id, paidAtMs };
}

/** Milliseconds of processor time a process has used so far, from /proc (100 ticks a second). */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function rssMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kb) / 1_024);
}

async function fulfilledAt(orders: readonly Paid[]): Promise<Map<string, number>> {
  const { rows } = await db.pool.raw(
    `select id, (extract(epoch from fulfilled_at) * 1000)::bigint as at
       from orders where id = any (:ids::uuid[]) and fulfilled_at is not null`,
    { ids: orders.map((order) => order.orderId) },
  );
  return new Map(rows.map((row: { id: string; at: number }) => [row.id, row.at]));
}

async function allFulfilled(orders: readonly Paid[]): Promise<number[]> {
  for (let round = 0; round < 600; round += 1) {
    const done = await fulfilledAt(orders);
    if (done.size === orders.length) {
      return orders.map((order) => (done.get(order.orderId) ?? 0) - order.paidAtMs);
    }
    await sleep(100);
  }
  throw new Error('paid orders without tickets after a minute: the round is void');
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.max(0, sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0);
}

async function steady(event: { slug: string; tier: string }, perSecond: number, seconds: number) {
  const started = performance.now();
  const running: Promise<Paid>[] = [];
  for (let n = 0; n < perSecond * seconds; n += 1) {
    await sleep(Math.max(0, started + (n * 1_000) / perSecond - performance.now()));
    running.push(buy(event));
  }
  const latencies = await allFulfilled(await Promise.all(running));
  return {
    orders: latencies.length,
    p50_ms: quantile(latencies, 0.5),
    p99_ms: quantile(latencies, 0.99),
    max_ms: Math.max(...latencies),
  };
}

async function saturated(event: { slug: string; tier: string }, clients: number, total: number) {
  const before = new Map(Object.entries(stack.pids).map(([name, pid]) => [name, cpuMs(pid)]));
  const started = performance.now();
  let left = total;
  const paid: Paid[] = [];
  const client = async () => {
    while (left > 0) {
      left -= 1;
      paid.push(await buy(event));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await allFulfilled(paid);
  const seconds = (performance.now() - started) / 1_000;
  const own = Object.entries(stack.pids).map(
    ([name, pid]) =>
      [name, Math.round(((cpuMs(pid) - (before.get(name) ?? 0)) / paid.length) * 10) / 10] as const,
  );
  return {
    orders: paid.length,
    orders_per_s: Math.round((paid.length / seconds) * 10) / 10,
    cpu_ms_per_order: Object.fromEntries(own),
  };
}

const event = await makeEvent();
const rssIdle = Object.fromEntries(Object.entries(stack.pids).map(([n, pid]) => [n, rssMb(pid)]));
await steady(event, 10, 3);
const result = {
  steady_20_per_s: await steady(event, 20, 20),
  saturated: await saturated(event, 16, 600),
  rss_mb_idle: rssIdle,
  rss_mb_loaded: Object.fromEntries(Object.entries(stack.pids).map(([n, pid]) => [n, rssMb(pid)])),
};
process.stdout.write(
  `${bench.LIVENTIX_BENCH_JSON === '1' ? JSON.stringify(result) : JSON.stringify(result, null, 2)}\n`,
);
