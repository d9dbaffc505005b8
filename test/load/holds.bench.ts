import { z } from 'zod';
import { quantile } from './figures.ts';
import { forSeconds, type Hammered, hammer } from './hammer.ts';
import { checkHeld, type Holder, nextHold } from './holding.ts';
import { type BenchEvent, report, Shop, stackCalled } from './load.ts';
import { cpuDuring } from './processes.ts';
import { runOnce, startCheckout, startRival } from './rivals.ts';
import { Rounds } from './rounds.ts';

/*
 * Holds a second, 256 buyers: ours on one hot tier, on a thousand tiers, and with two instances; a
 * transaction a request; and the same route without a database. Rounds are interleaved; a ratio is
 * taken inside its round.
 */

const seconds = 4;
const connections = 256;

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const environment = { DATABASE_URL: stack.database_url };
const naive = await startRival('holds-server.ts', { RIVAL: 'naive', ...environment });
const bare = await startRival('holds-server.ts', { RIVAL: 'bare', ...environment });
const second = await startCheckout(stack);
const ours: Holder = { url: stack.urls.checkout, pid: shop.pidOf('checkout') };

interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor microseconds a hold. */
  readonly serverUs: number;
  readonly postgresUs: number;
}

interface Setting {
  readonly holders: readonly Holder[];
  /** Events with so many tiers each; one with one if nothing is said. */
  readonly events?: number;
  readonly tiers?: number;
  readonly stores?: boolean;
  /** Under a row lock some wait longer than the pool lets them: no hold, and no answer that lies. */
  readonly mayRefuse?: boolean;
}

async function run({
  holders,
  events: count = 1,
  tiers = 1,
  stores = true,
  mayRefuse = false,
}: Setting): Promise<Round> {
  const events: BenchEvent[] = [];
  while (events.length < count) {
    events.push(await shop.makeEvent({ tiers }));
  }
  const pids = {
    ...Object.fromEntries(holders.map(({ pid }, at) => [`server-${at}`, pid])),
    postgres: shop.pidOf('postgres'),
  };
  const { result, cpu } = await cpuDuring(pids, async () => {
    const next = forSeconds(seconds, nextHold(events));
    return await Promise.all(
      holders.map(
        async ({ url }) => await hammer({ url, connections: connections / holders.length, next }),
      ),
    );
  });
  const placed = result.reduce((sum, { statuses }) => sum + (statuses['201'] ?? 0), 0);
  await checkHeld(shop, events, stores ? placed : 0);
  checkAnswers(result, { placed, mayRefuse });
  const latencies = result.flatMap(({ latenciesMs }) => [...latenciesMs]);
  const server = Object.entries(cpu).reduce(
    (sum, [name, ms]) => sum + (name === 'postgres' ? 0 : ms),
    0,
  );
  return {
    perSecond: placed / Math.max(...result.map((one) => one.seconds)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    serverUs: (server * 1_000) / placed,
    postgresUs: (cpu.postgres * 1_000) / placed,
  };
}

function checkAnswers(
  results: readonly Hammered[],
  { placed, mayRefuse }: { placed: number; mayRefuse: boolean },
): void {
  const answered = results.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0);
  const isWhole = results.every(({ broken }) => broken === 0);
  if (!isWhole || (placed !== answered && !mayRefuse)) {
    throw new Error(`void: ${JSON.stringify(results.map(({ statuses }) => statuses))}`);
  }
}

const used = z.object({ placed: z.int(), perSecond: z.number() });

/** The same without HTTP: the use case in a process of its own. */
async function runUseCase(program: string): Promise<Round> {
  const event = await shop.makeEvent();
  const { slug, tier } = event;
  const input = { database_url: stack.database_url, slug, tier, callers: connections, seconds };
  const { placed, perSecond } = used.parse(await runOnce(program, input));
  await checkHeld(shop, [event], placed);
  return { perSecond, p50Ms: 0, p99Ms: 0, serverUs: 0, postgresUs: 0 };
}

const rounds = await Rounds.interleave(
  {
    ours: async () => await run({ holders: [ours] }),
    thousand_tiers: async () => await run({ holders: [ours], events: 20, tiers: 50 }),
    two_instances: async () => await run({ holders: [ours, second] }),
    naive: async () => await run({ holders: [naive], mayRefuse: true }),
    bare: async () => await run({ holders: [bare], stores: false }),
    use_case: async () =>
      await runUseCase('../../services/checkout/src/testing/desk-under-load.ts'),
    naive_use_case: async () => await runUseCase('rivals/naive-desk.ts'),
  },
  5,
);
const perSecond = (round: Round) => round.perSecond;
report({
  settings: await shop.settings(),
  holds_per_s: rounds.each(perSecond, 0),
  // Of the use cases only how many: they have no requests to time.
  p50_ms: rounds.each((round) => round.p50Ms),
  p99_ms: rounds.each((round) => round.p99Ms),
  server_cpu_us: rounds.each((round) => round.serverUs, 0),
  postgres_cpu_us: rounds.each((round) => round.postgresUs),
  ours_to_naive: rounds.ratio('ours', 'naive', perSecond),
  use_case_ours_to_naive: rounds.ratio('use_case', 'naive_use_case', perSecond),
  ours_to_bare: rounds.ratio('ours', 'bare', perSecond),
  p99_ours_to_bare: rounds.ratio('ours', 'bare', (round) => round.p99Ms),
  one_tier_to_thousand: rounds.ratio('ours', 'thousand_tiers', perSecond),
  two_instances_to_one: rounds.ratio('two_instances', 'ours', perSecond),
});
for (const rival of [naive, bare, second]) {
  rival.stop();
}
await shop.db[Symbol.asyncDispose]();
