import { randomUUID } from 'node:crypto';
import { loadBench } from './config.ts';
import { quantile } from './figures.ts';
import { forSeconds, getRequest, hammer } from './hammer.ts';
import { nextHold } from './holding.ts';
import { report, Shop, stackCalled } from './load.ts';
import { fillWithOldOrders } from './old-orders.ts';
import { cpuDuring } from './processes.ts';
import { Rounds } from './rounds.ts';

/*
 * Whether old orders make new ones dearer: the same holds, sales and readings of orders in a stack
 * that has sold ten thousand orders, and in one that has sold a million.
 */

const sizes = { small: 10_000, large: loadBench().LIVENTIX_GROWTH_ORDERS };
const seconds = 2;
const connections = 16;
const sales = 60;

interface Cost {
  /** Processor microseconds an operation, of the service and of Postgres. */
  readonly cpuUs: number;
  readonly p99Ms: number;
}

interface Round {
  readonly hold: Cost;
  readonly sale: Cost;
  readonly read: Cost;
}

const shops = { small: new Shop(stackCalled('small')), large: new Shop(stackCalled('large')) };
const filledS: Record<string, number> = {};
for (const size of ['small', 'large'] as const) {
  const started = performance.now();
  await fillWithOldOrders(shops[size], sizes[size]);
  filledS[size] = Math.round((performance.now() - started) / 1_000);
}

async function costOf(
  shop: Shop,
  services: readonly string[],
  work: () => Promise<readonly number[]>,
): Promise<Cost> {
  const names = [...services, 'postgres'];
  const pids = Object.fromEntries(names.map((name) => [name, shop.pidOf(name)]));
  const { result: latencies, cpu } = await cpuDuring(pids, work);
  const spentMs = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
  return { cpuUs: (spentMs * 1_000) / latencies.length, p99Ms: quantile(latencies, 0.99) };
}

async function hammered(url: string, make: () => string, status: string) {
  const result = await hammer({ url, connections, next: forSeconds(seconds, make) });
  if (result.statuses[status] !== result.latenciesMs.length || result.broken > 0) {
    throw new Error(`void: ${JSON.stringify(result.statuses)}`);
  }
  return result.latenciesMs;
}

async function run(shop: Shop): Promise<Round> {
  const event = await shop.makeEvent();
  const { checkout } = shop.stack.urls;
  const hold = await costOf(shop, ['checkout'], async () =>
    hammered(checkout, nextHold([event]), '201'),
  );
  const sale = await costOf(shop, ['checkout', 'webhook-ingest', 'ticketing'], async () => {
    const paid = await shop.buyMany(event, 4, sales);
    return await shop.allFulfilled(paid);
  });
  const bought = await shop.buyForReading(event);
  const request = getRequest(`/v1/orders/${bought.orderId}`, {
    authorization: `Bearer ${bought.token}`,
    'x-request-id': randomUUID(),
  });
  const read = await costOf(shop, ['checkout'], async () =>
    hammered(checkout, () => request, '200'),
  );
  return { hold, sale, read };
}

const rounds = await Rounds.interleave(
  { small: async () => await run(shops.small), large: async () => await run(shops.large) },
  5,
);
const figures = (pick: (round: Round) => Cost) => ({
  cpu_us: rounds.each((round) => pick(round).cpuUs, 0),
  p99_ms: rounds.each((round) => pick(round).p99Ms),
  cpu_large_to_small: rounds.ratio('large', 'small', (round) => pick(round).cpuUs),
  p99_large_to_small: rounds.ratio('large', 'small', (round) => pick(round).p99Ms),
});
report({
  settings: await shops.large.settings(),
  orders: sizes,
  filled_s: filledS,
  hold: figures((round) => round.hold),
  sale: figures((round) => round.sale),
  order_read: figures((round) => round.read),
});
for (const shop of Object.values(shops)) {
  await shop.db[Symbol.asyncDispose]();
}
