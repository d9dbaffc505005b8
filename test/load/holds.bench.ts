import { randomUUID } from 'node:crypto';
import { quantile, spread } from './figures.ts';
import { forSeconds, type Hammered, hammer, postRequest } from './hammer.ts';
import { type BenchEvent, report, Shop, stackCalled } from './load.ts';
import { cpuDuring } from './processes.ts';
import { type Rival, startRival } from './rivals.ts';

/*
 * Holds a second on one hot tier, 256 buyers: ours, a transaction a request, and the same route
 * without a database. Rounds are interleaved; a ratio is taken inside its round.
 */

const rounds = 5;
const seconds = 4;
const connections = 256;

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const naive = await startRival('holds-server.ts', {
  RIVAL: 'naive',
  DATABASE_URL: stack.database_url,
});
const bare = await startRival('holds-server.ts', {
  RIVAL: 'bare',
  DATABASE_URL: stack.database_url,
});

interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor microseconds a hold. */
  readonly serverUs: number;
  readonly postgresUs: number;
}

function nextHold(event: BenchEvent): () => string {
  const body = JSON.stringify({ event: event.slug, items: [{ tier: event.tier, quantity: 1 }] });
  return () => postRequest('/v1/holds', body, { 'idempotency-key': randomUUID() });
}

async function run(target: { url: string; pid: number }, stores: boolean): Promise<Round> {
  const event = await shop.makeEvent();
  const pids = { server: target.pid, postgres: shop.pidOf('postgres') };
  const { result, cpu } = await cpuDuring(
    pids,
    async () =>
      await hammer({ url: target.url, connections, next: forSeconds(seconds, nextHold(event)) }),
  );
  await checkRound(event, result, { stores, mustAnswer: target.pid !== naive.pid });
  const answers = result.statuses['201'] ?? 0;
  return {
    perSecond: answers / result.seconds,
    p50Ms: quantile(result.latenciesMs, 0.5),
    p99Ms: quantile(result.latenciesMs, 0.99),
    serverUs: (cpu.server * 1_000) / answers,
    postgresUs: (cpu.postgres * 1_000) / answers,
  };
}

/** Every answer was a hold, and the counters say so; otherwise the round is void. */
async function checkRound(
  event: BenchEvent,
  result: Hammered,
  { stores, mustAnswer }: { stores: boolean; mustAnswer: boolean },
): Promise<void> {
  const placed = result.statuses['201'] ?? 0;
  const { rows } = await shop.db.pool.raw(
    `select t.reserved_quantity as reserved,
            (select coalesce(sum(i.quantity), 0)::int
               from hold_items i
               join ticket_holds h on h.id = i.hold_id and h.status = 'active'
              where i.tier_id = t.id) as held
       from ticket_tiers t where t.id = :tier`,
    { tier: event.tier },
  );
  const expected = stores ? placed : 0;
  const isExact = rows[0].reserved === expected && rows[0].held === expected;
  // Under a row lock some wait longer than the pool lets them: no hold, and no answer that lies.
  const isWhole = result.broken === 0 && (placed === result.latenciesMs.length || !mustAnswer);
  if (!isExact || !isWhole) {
    throw new Error(`void: ${JSON.stringify({ ...rows[0], ...result, latenciesMs: undefined })}`);
  }
}

const targets: readonly (readonly [string, { url: string; pid: number }, boolean])[] = [
  ['ours', { url: stack.urls.checkout, pid: shop.pidOf('checkout') }, true],
  ['naive', naive, true],
  ['bare', bare, false],
];
const results = new Map<string, Round[]>(targets.map(([name]) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const [name, target, stores] of targets) {
    const result = await run(target, stores);
    // The first round warms up.
    results.get(name)?.push(...(round < 0 ? [] : [result]));
  }
}

const of = (name: string, pick: (round: Round) => number) => (results.get(name) ?? []).map(pick);
const ratio = (a: string, b: string, pick: (round: Round) => number) => {
  const divisors = of(b, pick);
  return spread(of(a, pick).map((value, round) => value / (divisors[round] ?? 1)));
};
report({
  settings: await shop.settings(),
  holds_per_s: Object.fromEntries(
    targets.map(([name]) => [
      name,
      spread(
        of(name, (r) => r.perSecond),
        0,
      ),
    ]),
  ),
  p50_ms: Object.fromEntries(
    targets.map(([name]) => [
      name,
      spread(
        of(name, (r) => r.p50Ms),
        1,
      ),
    ]),
  ),
  p99_ms: Object.fromEntries(
    targets.map(([name]) => [
      name,
      spread(
        of(name, (r) => r.p99Ms),
        1,
      ),
    ]),
  ),
  server_cpu_us: Object.fromEntries(
    targets.map(([name]) => [
      name,
      spread(
        of(name, (r) => r.serverUs),
        0,
      ),
    ]),
  ),
  postgres_cpu_us: Object.fromEntries(
    targets.map(([name]) => [
      name,
      spread(
        of(name, (r) => r.postgresUs),
        1,
      ),
    ]),
  ),
  ours_to_naive: ratio('ours', 'naive', (r) => r.perSecond),
  ours_to_bare: ratio('ours', 'bare', (r) => r.perSecond),
  p99_ours_to_bare: ratio('ours', 'bare', (r) => r.p99Ms),
});
for (const rival of [naive, bare] satisfies Rival[]) {
  rival.stop();
}
await shop.db[Symbol.asyncDispose]();
