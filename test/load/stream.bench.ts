import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';
import { quantile, spread } from './figures.ts';
import { report, Shop, stackCalled } from './load.ts';
import { cpuDuring, rssKb } from './processes.ts';
import { type Rival, startRival } from './rivals.ts';

/*
 * How long a change takes to reach the last of five thousand pages, beside a bare process that
 * writes the same bytes to as many sockets in a loop. Both are counted from the time that stands in
 * the bytes themselves: ours is when the database was asked and knew of the change, the bare one is
 * taken right before the loop. Four readings a second are wanted, and a change waits for the next
 * one: with that wait in it, from the request that makes the change, ours is given apart.
 */

const clients = 5_000;
const rounds = 7;
const changesPerRound = 5;
const warmUp = 100;

interface Side {
  readonly crowd: Crowd;
  readonly pid: number;
  /** Makes it that so many are left, and returns once that is done. */
  change(left: number): Promise<void>;
}

interface Told {
  readonly toLastMs: number;
  readonly fromChangeMs: number;
}

interface Round {
  readonly toLastMs: number;
  readonly fromChangeMs: number;
  /** Processor microseconds a client and change. */
  readonly serverUs: number;
  readonly postgresUs: number;
}

const shop = new Shop(stackCalled('ours'));
const { urls } = shop.stack;
const now = () => performance.timeOrigin + performance.now();
const median = (values: readonly number[]) => quantile(values, 0.5);

async function startOurs(): Promise<Side> {
  const event = await shop.makeEvent();
  const port = Number(new URL(urls.checkout).port);
  const path = `/v1/events/${event.slug}/availability/stream`;
  return {
    crowd: new Crowd({ port, path }),
    pid: shop.pidOf('checkout'),
    change: async (left) => await shop.setCapacity(event, left),
  };
}

/** Writes what ours wrote last, with another count and time. */
function startBare(rival: Rival, ours: Crowd): Side {
  return {
    crowd: new Crowd({ port: Number(new URL(rival.url).port), path: '/' }),
    pid: rival.pid,
    change: async (left) => {
      const said = ours.lastFrame.toString().replace(/"available":\d+/, `"available":${left}`);
      rival.say(JSON.stringify(said));
    },
  };
}

let left = 1_000_000;

async function tell(side: Side): Promise<Told> {
  left += 1;
  const askedMs = now();
  const text = `"available":${left},`;
  const { lastMs, missed } = await side.crowd.hear(text, async () => await side.change(left));
  if (missed > 0) {
    throw new Error(`void: ${missed} of ${side.crowd.size} clients missed a change`);
  }
  const [asOf = ''] = /(?<="as_of":")[^"]+/.exec(side.crowd.lastFrame.toString()) ?? [];
  return { toLastMs: lastMs - Date.parse(asOf), fromChangeMs: lastMs - askedMs };
}

async function tellSome(side: Side, count: number): Promise<Told[]> {
  const told: Told[] = [];
  for (let n = 0; n < count; n += 1) {
    told.push(await tell(side));
    // At any moment between two readings, or each change would wait equally long for the next one.
    await sleep(50 + Math.random() * 250);
  }
  return told;
}

/** Kilobytes of memory that a client costs, after some changes were told to all. */
async function fill(side: Side): Promise<number> {
  await side.crowd.grow(warmUp);
  await tellSome(side, 3);
  const before = rssKb(side.pid);
  await side.crowd.grow(clients - warmUp);
  await tellSome(side, 5);
  await sleep(1_000);
  return (rssKb(side.pid) - before) / (clients - warmUp);
}

async function run(side: Side): Promise<Round> {
  const pids = { server: side.pid, postgres: shop.pidOf('postgres') };
  const { result, cpu } = await cpuDuring(pids, async () => await tellSome(side, changesPerRound));
  const told = changesPerRound * clients;
  return {
    toLastMs: median(result.map(({ toLastMs }) => toLastMs)),
    fromChangeMs: median(result.map(({ fromChangeMs }) => fromChangeMs)),
    serverUs: (cpu.server * 1_000) / told,
    postgresUs: (cpu.postgres * 1_000) / told,
  };
}

/** All are still there, none was dropped, and both wrote equally much; otherwise the round is void. */
async function checkRound(): Promise<void> {
  const metrics = await (await fetch(`${urls.checkout}/metrics`)).text();
  const metric = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1]);
  const found = {
    listeners: metric('sse_listeners'),
    dropped: metric('sse_dropped_slow_total'),
    extra_bytes: ours.crowd.lastFrame.length - bare.crowd.lastFrame.length,
  };
  if (found.listeners !== clients || found.dropped !== 0 || found.extra_bytes !== 0) {
    throw new Error(`void: ${JSON.stringify(found)}`);
  }
}

const ours = await startOurs();
const memoryOurs = await fill(ours);
const rival = await startRival('stream-server.ts', {});
const bare = startBare(rival, ours.crowd);
const memoryBare = await fill(bare);

const sides = { ours, bare };
const results: Record<keyof typeof sides, Round[]> = { ours: [], bare: [] };
for (let round = 0; round < rounds; round += 1) {
  // Who goes first takes turns.
  for (const name of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
    results[name].push(await run(sides[name]));
  }
  await checkRound();
}

const of = (name: keyof typeof sides, pick: (round: Round) => number) => results[name].map(pick);
const both = (pick: (round: Round) => number, digits = 1) => ({
  ours: spread(of('ours', pick), digits),
  bare: spread(of('bare', pick), digits),
});
const toBare = (pick: (round: Round) => number) => {
  const divisors = of('bare', (r) => r.toLastMs);
  return spread(of('ours', pick).map((value, round) => value / (divisors[round] ?? 1)));
};
report({
  settings: await shop.settings(),
  clients,
  bytes: ours.crowd.lastFrame.length,
  to_last_client_ms: both((r) => r.toLastMs),
  ours_to_bare: toBare((r) => r.toLastMs),
  with_wait_for_reading_ms: spread(
    of('ours', (r) => r.fromChangeMs),
    0,
  ),
  with_wait_for_reading_to_bare: toBare((r) => r.fromChangeMs),
  kb_per_client: { ours: Number(memoryOurs.toFixed(1)), bare: Number(memoryBare.toFixed(1)) },
  server_cpu_us_per_client_and_change: both((r) => r.serverUs),
  postgres_cpu_us_per_client_and_change: spread(
    of('ours', (r) => r.postgresUs),
    2,
  ),
});
ours.crowd.leave();
bare.crowd.leave();
rival.stop();
await shop.db[Symbol.asyncDispose]();
