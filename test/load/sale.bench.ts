import { quantile } from './figures.ts';
import { atRate, type BenchEvent, report, Shop, stackCalled } from './load.ts';
import { cpuDuring, rssMb } from './processes.ts';

/*
 * Payment to tickets, at a steady rate and at saturation, with the processor time each process
 * spends on an order. Times are Postgres' own: from the payment at the simulator to fulfilled_at.
 */

const stack = stackCalled('ours');
const shop = new Shop(stack);

async function steady(event: BenchEvent, perSecond: number, seconds: number) {
  const paid = await atRate(
    { perSecond, count: perSecond * seconds },
    async () => await shop.buy(event),
  );
  const latencies = await shop.allFulfilled(paid);
  return {
    orders: latencies.length,
    p50_ms: quantile(latencies, 0.5),
    p99_ms: quantile(latencies, 0.99),
    max_ms: Math.max(...latencies),
  };
}

async function saturated(event: BenchEvent, clients: number, total: number) {
  const started = performance.now();
  const { result: paid, cpu } = await cpuDuring(stack.pids, async () => {
    const orders = await shop.buyMany(event, clients, total);
    await shop.allFulfilled(orders);
    return orders;
  });
  const seconds = (performance.now() - started) / 1_000;
  const perOrder = Object.entries(cpu).map(
    ([name, ms]) => [name, Math.round((ms / paid.length) * 10) / 10] as const,
  );
  return {
    orders: paid.length,
    orders_per_s: Math.round((paid.length / seconds) * 10) / 10,
    cpu_ms_per_order: Object.fromEntries(perOrder),
  };
}

const rss = () => Object.fromEntries(Object.entries(stack.pids).map(([n, pid]) => [n, rssMb(pid)]));

const event = await shop.makeEvent();
const idle = rss();
await steady(event, 10, 3);
report({
  steady_20_per_s: await steady(event, 20, 20),
  saturated: await saturated(event, 16, 600),
  rss_mb_idle: idle,
  rss_mb_loaded: rss(),
});
await shop.db[Symbol.asyncDispose]();
