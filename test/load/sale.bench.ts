import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  atRate,
  type BenchEvent,
  buy,
  db,
  fulfilledAt,
  makeEvent,
  type Paid,
  report,
  stack,
} from './load.ts';

/*
 * Payment to tickets, at a steady rate and at saturation, with the processor time each process
 * spends on an order. Times are Postgres' own: from the payment at the simulator to fulfilled_at.
 */

/**
 * Milliseconds of processor time a process has used so far, from /proc (100 ticks a second). With
 * its children, living and ended: Postgres works in them.
 */
function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return children.filter(Boolean).reduce((sum, child) => sum + cpuMs(Number(child)), own);
  } catch {
    return 0;
  }
}

function rssMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kb) / 1_024);
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

async function steady(event: BenchEvent, perSecond: number, seconds: number) {
  const paid = await atRate(
    { perSecond, count: perSecond * seconds },
    async () => await buy(event),
  );
  const latencies = await allFulfilled(paid);
  return {
    orders: latencies.length,
    p50_ms: quantile(latencies, 0.5),
    p99_ms: quantile(latencies, 0.99),
    max_ms: Math.max(...latencies),
  };
}

async function saturated(event: BenchEvent, clients: number, total: number) {
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
report({
  steady_20_per_s: await steady(event, 20, 20),
  saturated: await saturated(event, 16, 600),
  rss_mb_idle: rssIdle,
  rss_mb_loaded: Object.fromEntries(Object.entries(stack.pids).map(([n, pid]) => [n, rssMb(pid)])),
});
await db[Symbol.asyncDispose]();
