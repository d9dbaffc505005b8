import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@liventix/shared/db';
import { z } from 'zod';
import { loadBench } from './config.ts';

const stackSchema = z.object({
  urls: z.object({ checkout: z.string(), ops: z.string(), stripe: z.string() }),
  database_url: z.string(),
  redis_url: z.string(),
  admin_api_key: z.string(),
  pids: z.record(z.string(), z.int()),
});

const bench = loadBench();

/** The stack under load, as `./liventix up --json` describes it. */
export const stack = stackSchema.parse(JSON.parse(bench.LIVENTIX_STACK));
export const db = connectDatabase({ url: stack.database_url, poolMax: 2 });

export interface BenchEvent {
  readonly slug: string;
  readonly tier: string;
}

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

/** A published event whose one tier never sells out. */
export async function makeEvent(): Promise<BenchEvent> {
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

/** An order the simulator has taken money for, and when. */
export interface Paid {
  readonly orderId: string;
  readonly paidAtMs: number;
}

/** Holds two tickets, opens the payment page and pays. Nobody waits for the tickets. */
export async function buy(event: BenchEvent): Promise<Paid> {
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

/** When each of these orders got its tickets, by Postgres' clock; those without are absent. */
export async function fulfilledAt(orders: readonly Paid[]): Promise<Map<string, number>> {
  const { rows } = await db.pool.raw(
    `select id, (extract(epoch from fulfilled_at) * 1000)::bigint as at
       from orders where id = any (:ids::uuid[]) and fulfilled_at is not null`,
    { ids: orders.map((order) => order.orderId) },
  );
  return new Map(rows.map((row: { id: string; at: number }) => [row.id, row.at]));
}

/** Starts `once` at this rate, whether or not the ones before have ended. */
export async function atRate<T>(
  rate: { readonly perSecond: number; readonly count: number },
  once: () => Promise<T>,
): Promise<T[]> {
  const started = performance.now();
  const running: Promise<T>[] = [];
  for (let n = 0; n < rate.count; n += 1) {
    await sleep(Math.max(0, started + (n * 1_000) / rate.perSecond - performance.now()));
    running.push(once());
  }
  return await Promise.all(running);
}

export function report(result: unknown): void {
  const indent = bench.LIVENTIX_BENCH_JSON === '1' ? undefined : 2;
  process.stdout.write(`${JSON.stringify(result, null, indent)}\n`);
}
