import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { loadBench, type StackUnderLoad } from './config.ts';

const bench = loadBench();

export const collectorPort = bench.LIVENTIX_COLLECTOR_PORT;

export function stackCalled(name: string): StackUnderLoad {
  const stack = bench.LIVENTIX_STACKS[name];
  if (stack === undefined) {
    throw new Error(`this benchmark's plan has no stack called ${name}`);
  }
  return stack;
}

export interface BenchEvent {
  readonly id: string;
  readonly slug: string;
  /** The first of them. */
  readonly tier: string;
  readonly tiers: readonly string[];
}

/** The most tickets of one complimentary order. */
const giftMax = 10_000;

function hoursAway(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

/** An order the simulator has taken money for, and when. */
export interface Paid {
  readonly orderId: string;
  readonly sessionId: string;
  /** Reads the order. */
  readonly token: string;
  readonly paidAtMs: number;
}

interface Call {
  readonly method?: string;
  readonly token?: string;
  readonly key?: boolean;
  readonly body?: unknown;
}

async function call(url: string, init: Call) {
  const response = await fetch(url, {
    method: init.method ?? 'POST',
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

/** What a benchmark does in one stack. */
export class Shop {
  readonly stack: StackUnderLoad;
  readonly db: Database;

  constructor(stack: StackUnderLoad) {
    this.stack = stack;
    this.db = connectDatabase({ url: stack.database_url, poolMax: 2 });
  }

  pidOf(program: string): number {
    const pid = this.stack.pids[program];
    if (pid === undefined) {
      throw new Error(`no program called ${program} runs in this stack`);
    }
    return pid;
  }

  /** What makes a COMMIT durable, as it is set. */
  async settings(): Promise<Record<string, string>> {
    const { rows } = await this.db.pool.raw(
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')`,
    );
    return Object.fromEntries(
      rows.map((row: { name: string; setting: string }) => [row.name, row.setting]),
    );
  }

  /**
   * A published event whose tiers never sell out, unless a capacity is given; it begins years ahead, or
   * so many hours from now.
   */
  async makeEvent(
    options: { capacity?: number; tiers?: number; perOrder?: number; opensIn?: number } = {},
  ): Promise<BenchEvent> {
    const { urls, admin_api_key: token } = this.stack;
    const slug = `bench-${randomUUID().slice(0, 8)}`;
    const [starts, ends] =
      options.opensIn === undefined
        ? ['2035-01-01T20:00:00Z', '2035-01-01T23:00:00Z']
        : [hoursAway(options.opensIn), hoursAway(options.opensIn + 12)];
    const event = await call(`${urls.ops}/admin/v1/events`, {
      token,
      body: {
        slug,
        title: 'Benchmark',
        venue: 'Here',
        starts_at: starts,
        ends_at: ends,
        timezone: 'UTC',
        currency: 'eur',
        max_per_order: options.perOrder ?? 20,
        tiers: Array.from({ length: options.tiers ?? 1 }, (_, number) => ({
          name: `Floor ${number}`,
          price_cents: 2_500,
          capacity: options.capacity ?? 1_000_000,
          max_per_order: options.perOrder ?? 20,
        })),
      },
    });
    await call(`${urls.ops}/admin/v1/events/${event.id}/publish`, { token });
    const tiers = event.tiers.map((tier: { id: string }) => tier.id);
    return { id: event.id, slug, tier: tiers[0], tiers };
  }

  async setCapacity(event: BenchEvent, capacity: number): Promise<void> {
    const { urls, admin_api_key: token } = this.stack;
    const url = `${urls.ops}/admin/v1/tiers/${event.tier}/capacity`;
    await call(url, { method: 'PUT', token, body: { capacity } });
  }

  /** So many tickets given away, in orders of up to ten thousand; waits until all are issued. */
  async giveAway(event: BenchEvent, count: number): Promise<void> {
    const { urls, admin_api_key: token } = this.stack;
    for (let left = count; left > 0; left -= giftMax) {
      await call(`${urls.ops}/admin/v1/events/${event.id}/complimentary-orders`, {
        token,
        key: true,
        body: {
          tier: event.tier,
          quantity: Math.min(left, giftMax),
          buyer: { name: 'Bench', email: 'delivered@resend.dev' },
          reason: 'benchmark',
        },
      });
    }
    for (let round = 0; round < 600; round += 1) {
      const { rows } = await this.db.pool.raw(
        'select count(*)::int as n from tickets where event_id = :id',
        { id: event.id },
      );
      if (rows[0].n >= count) {
        return;
      }
      await sleep(100);
    }
    throw new Error('tickets that were given away were not issued within a minute');
  }

  /** So many devices at as many gates; their keys. */
  async addDevices(event: BenchEvent, count: number): Promise<string[]> {
    const { urls, admin_api_key: token } = this.stack;
    const keys: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const body = { gate: `Gate ${n}`, label: 'Bench' };
      const made = await call(`${urls.ops}/admin/v1/events/${event.id}/devices`, { token, body });
      keys.push(made.key);
    }
    return keys;
  }

  /** Stops these programs, and lets them go on. */
  rest(programs: readonly string[]): void {
    for (const name of programs) {
      process.kill(this.pidOf(name), 'SIGSTOP');
    }
  }

  wake(programs: readonly string[]): void {
    for (const name of programs) {
      process.kill(this.pidOf(name), 'SIGCONT');
    }
  }

  /** Holds tickets, opens the payment page and pays. Nobody waits for the tickets. */
  async buy(event: BenchEvent, quantity = 2): Promise<Paid> {
    const { checkout, stripe } = this.stack.urls;
    const items = [{ tier: event.tier, quantity }];
    const hold = await call(`${checkout}/v1/holds`, {
      key: true,
      body: { event: event.slug, items },
    });
    const order = await call(`${checkout}/v1/holds/${hold.id}/checkout`, {
      token: hold.token,
      key: true,
      body: { buyer: { name: 'Bench', email: 'delivered@resend.dev' } },
    });
    const sessionId = new URL(order.checkout_url).pathname.split('/').at(-1) ?? '';
    const paidAtMs = Date.now();
    await call(`${stripe}/_simulator/checkout_sessions/${sessionId}/pay`, {});
    return { orderId: order.order.id, sessionId, token: order.order.token, paidAtMs };
  }

  /** An order with its tickets, and the token that reads it. */
  async buyForReading(event: BenchEvent): Promise<{ orderId: string; token: string }> {
    const paid = await this.buy(event);
    await this.allFulfilled([paid]);
    return { orderId: paid.orderId, token: paid.token };
  }

  /** How many tickets of an order are committed. */
  async ticketsOf({ orderId }: Pick<Paid, 'orderId'>): Promise<number> {
    const { rows } = await this.db.pool.raw(
      'select count(*)::int as n from tickets where order_id = :orderId',
      { orderId },
    );
    return rows[0].n;
  }

  /** Waits until no message is open and no mail is to be sent. */
  async allQuiet(): Promise<void> {
    for (let round = 0; round < 600; round += 1) {
      const { rows } = await this.db.pool.raw(
        `select (select count(*) from outbox where done_at is null and dead_at is null)
              + (select count(*) from emails where status = 'queued') as open`,
      );
      if (Number(rows[0].open) === 0) {
        return;
      }
      await sleep(100);
    }
    throw new Error('messages are open after a minute');
  }

  /** As many orders as asked, by this many buyers at once. */
  async buyMany(event: BenchEvent, clients: number, total: number): Promise<Paid[]> {
    let left = total;
    const paid: Paid[] = [];
    const client = async () => {
      while (left > 0) {
        left -= 1;
        paid.push(await this.buy(event));
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return paid;
  }

  /** When each of these orders got its tickets, by Postgres' clock; those without are absent. */
  async fulfilledAt(orders: readonly Paid[]): Promise<Map<string, number>> {
    const { rows } = await this.db.pool.raw(
      `select id, (extract(epoch from fulfilled_at) * 1000)::bigint as at
         from orders where id = any (:ids::uuid[]) and fulfilled_at is not null`,
      { ids: orders.map((order) => order.orderId) },
    );
    return new Map(rows.map((row: { id: string; at: number }) => [row.id, row.at]));
  }

  /** Waits for all of them. Milliseconds from payment to tickets, in the order given. */
  async allFulfilled(orders: readonly Paid[]): Promise<number[]> {
    let seen = 0;
    for (let idle = 0; idle < 600; idle += 1) {
      const done = await this.fulfilledAt(orders);
      if (done.size === orders.length) {
        return orders.map((order) => (done.get(order.orderId) ?? 0) - order.paidAtMs);
      }
      idle = done.size > seen ? 0 : idle;
      seen = done.size;
      await sleep(100);
    }
    throw new Error('for a minute no paid order got its tickets: the round is void');
  }
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
