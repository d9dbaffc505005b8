import { createServer } from 'node:http';
import { spread } from './figures.ts';
import { collectorPort, report, Shop, stackCalled } from './load.ts';
import { cpuDuring } from './processes.ts';

/*
 * What tracing costs: processor time of all services for an order, in three stacks that differ in
 * nothing else. `without` does not load the preload at all, `off` loads it and names no collector,
 * `sampled` sends a tenth of its traces to a collector here.
 */

const rounds = 5;
const ordersPerRound = 120;
const clients = 6;
const modes = ['without', 'off', 'sampled'] as const;
const providers = new Set(['postgres', 'redis', 'stripe', 'resend']);

let exports = 0;
const collector = createServer((request, response) => {
  exports += 1;
  request.resume().once('end', () => response.end('{}'));
}).listen(collectorPort);

const shops = new Map(modes.map((mode) => [mode, new Shop(stackCalled(mode))]));

/** Processor milliseconds of our own processes for one order, from hold to tickets. */
async function serviceMsPerOrder(shop: Shop): Promise<number> {
  const event = await shop.makeEvent();
  const services = Object.entries(shop.stack.pids).filter(([name]) => !providers.has(name));
  const { cpu } = await cpuDuring(Object.fromEntries(services), async () => {
    await shop.allFulfilled(await shop.buyMany(event, clients, ordersPerRound));
  });
  return Object.values(cpu).reduce((sum, ms) => sum + ms, 0) / ordersPerRound;
}

const cost = new Map<string, number[]>(modes.map((mode) => [mode, []]));
for (let round = -1; round < rounds; round += 1) {
  // Who goes first takes turns, so that nobody always follows the same neighbour.
  for (const mode of modes.map((_, at) => modes[(at + round + modes.length) % modes.length])) {
    const shop = mode === undefined ? undefined : shops.get(mode);
    if (mode !== undefined && shop !== undefined) {
      const ms = await serviceMsPerOrder(shop);
      // The first round warms up.
      cost.get(mode)?.push(...(round < 0 ? [] : [ms]));
    }
  }
}
const of = (mode: (typeof modes)[number]) => cost.get(mode) ?? [];
const against = (mode: (typeof modes)[number]) =>
  spread(of(mode).map((ms, round) => ms / (of('without')[round] ?? 1)));
report({
  service_cpu_ms_per_order: Object.fromEntries(modes.map((mode) => [mode, spread(of(mode), 1)])),
  off_to_without: against('off'),
  sampled_to_without: against('sampled'),
  exports_received: exports,
});
collector.close();
collector.closeAllConnections();
await Promise.all([...shops.values()].map(async (shop) => await shop.db[Symbol.asyncDispose]()));
