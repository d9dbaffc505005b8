import { quantile } from './figures.ts';
import { hammer, times } from './hammer.ts';
import { checkHeld, type Holder, nextHold } from './holding.ts';
import { type BenchEvent, report, Shop, stackCalled } from './load.ts';
import { startRival } from './rivals.ts';
import { Rounds } from './rounds.ts';

/*
 * Ten thousand seats and fifty thousand attempts of 256 buyers: how long until all are sold, and how
 * fast those who come too late hear of it, beside a transaction a request and a route that refuses
 * without a database.
 */

const seats = 10_000;
const attempts = 50_000;
const connections = 256;

interface Round {
  /** Of the bare route: until as many were answered. */
  readonly soldOutS: number;
  readonly refusalsPerSecond: number;
  readonly refusalP99Ms: number;
}

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const environment = { DATABASE_URL: stack.database_url };
const naive = await startRival('holds-server.ts', { RIVAL: 'naive', ...environment });
const bare = await startRival('holds-server.ts', { RIVAL: 'refusing', ...environment });
const ours: Holder = { url: stack.urls.checkout, pid: shop.pidOf('checkout') };

/** Seconds until all seats are on hold. Who is told that a row was locked too long asks again. */
async function sell(url: string, event: BenchEvent): Promise<number> {
  let left = seats;
  let secondsSpent = 0;
  while (left > 0) {
    const taking = await hammer({ url, connections, next: times(left, nextHold([event])) });
    secondsSpent += taking.seconds;
    left -= taking.statuses['201'] ?? 0;
  }
  await checkHeld(shop, [event], seats);
  return secondsSpent;
}

async function refuse(url: string, event: BenchEvent) {
  const tooLate = attempts - seats;
  const { statuses, perSecond, latenciesMs } = await hammer({
    url,
    connections,
    next: times(tooLate, nextHold([event])),
  });
  if (statuses['409'] !== tooLate) {
    throw new Error(`void: nothing is left, and yet ${JSON.stringify(statuses)}`);
  }
  return { refusalsPerSecond: perSecond, refusalP99Ms: quantile(latenciesMs, 0.99) };
}

async function sellOut(): Promise<Round> {
  const event = await shop.makeEvent({ capacity: seats });
  const soldOutS = await sell(ours.url, event);
  const refusals = await refuse(ours.url, event);
  await checkHeld(shop, [event], seats);
  return { soldOutS, ...refusals };
}

const rounds = await Rounds.interleave<'ours' | 'naive' | 'bare', Round>(
  {
    ours: sellOut,
    // Its refusals wait for the lock like its holds: they would only make the round longer.
    naive: async () => {
      const soldOutS = await sell(naive.url, await shop.makeEvent({ capacity: seats }));
      return { soldOutS, refusalsPerSecond: 0, refusalP99Ms: 0 };
    },
    bare: async () => ({ soldOutS: 0, ...(await refuse(bare.url, await shop.makeEvent())) }),
  },
  5,
);
report({
  settings: await shop.settings(),
  seats,
  attempts,
  sold_out_s: rounds.each((round) => round.soldOutS, 2),
  naive_to_ours: rounds.ratio('naive', 'ours', (round) => round.soldOutS),
  refusals_per_s: rounds.each((round) => round.refusalsPerSecond, 0),
  refusals_ours_to_bare: rounds.ratio('ours', 'bare', (round) => round.refusalsPerSecond),
  refusal_p99_ms: rounds.each((round) => round.refusalP99Ms),
});
for (const rival of [naive, bare]) {
  rival.stop();
}
await shop.db[Symbol.asyncDispose]();
