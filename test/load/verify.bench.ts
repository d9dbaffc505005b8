import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '@liventix/domain/books';
import { auditBooks } from '@liventix/domain/books/repository';
import { connectDatabase } from '@liventix/shared/db';
import { loadBench } from './config.ts';
import { forSeconds, hammer } from './hammer.ts';
import { nextHold } from './holding.ts';
import { report, Shop, stackCalled } from './load.ts';
import { countOldOrders, fillWithOldOrders } from './old-orders.ts';
import { Rounds } from './rounds.ts';

/*
 * How long the books of a million orders take to verify and to sum up, and what 256 buyers who take holds of one
 * tier notice of it: nothing beside them, the command at full speed, and the sweeper's audit, which
 * rests as long as it works. Rounds are interleaved; the verification goes on where it was.
 */

const orders = loadBench().LIVENTIX_VERIFY_ORDERS;
const seconds = 4;
const connections = 256;

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const counted = async () => {
  const { rows } = await shop.db.pool.raw('select count(*)::int as n from orders');
  return Number(rows[0].n);
};
// A stack may be filled from an earlier run.
await fillWithOldOrders(shop, Math.max(1, orders - (await counted())));
await countOldOrders(shop);
const books = connectDatabase({
  url: stack.database_url,
  poolMax: 2,
  statementTimeoutMs: 120_000,
});

const startedMs = performance.now();
const verdicts: Verdict[] = [];
for await (const verdict of auditBooks(books)) {
  verdicts.push(verdict);
}
const verifiedMs = performance.now() - startedMs;
const snapshots = await readSnapshots(5);
const wrong = verdicts.filter(({ kind }) => kind !== 'held');
if (wrong.length > 0) {
  throw new Error(`void: ${JSON.stringify(wrong)}`);
}

/** How long ops takes to answer with the snapshot; an answer that does not come in time is void. */
async function readSnapshots(times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const askedMs = performance.now();
    const answer = await fetch(`${stack.urls.ops}/admin/v1/health-snapshot`, {
      headers: { authorization: `Bearer ${stack.admin_api_key}` },
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) {
      throw new Error(`void: the snapshot is ${answer.status} ${await answer.text()}`);
    }
    await answer.arrayBuffer();
    took.push(performance.now() - askedMs);
  }
  return took;
}

type Beside = 'nothing' | 'verify' | 'audit';
let beside: Beside = 'nothing';

/** An endless verification that stands still while nothing shall be beside the buyers. */
async function verifyOn(stopping: AbortSignal): Promise<void> {
  const rest = async (tookMs: number) => {
    await sleep(beside === 'audit' ? tookMs : 0);
    while (beside === 'nothing' && !stopping.aborted) {
      await sleep(20);
    }
  };
  while (!stopping.aborted) {
    for await (const verdict of auditBooks(books, { rest, signal: stopping })) {
      if (verdict.kind !== 'held') {
        throw new Error(`void: ${JSON.stringify(verdict)}`);
      }
    }
    await rest(0);
  }
}

async function take(next: Beside): Promise<number> {
  const event = await shop.makeEvent();
  beside = next;
  const { checkout: url } = stack.urls;
  const result = await hammer({ url, connections, next: forSeconds(seconds, nextHold([event])) });
  beside = 'nothing';
  // The statement that was under way belongs to this round.
  await sleep(500);
  return (result.statuses['201'] ?? 0) / result.seconds;
}

const stopping = new AbortController();
const verifying = verifyOn(stopping.signal);
const rounds = await Rounds.interleave(
  {
    alone: async () => await take('nothing'),
    verify: async () => await take('verify'),
    audit: async () => await take('audit'),
  },
  5,
);
stopping.abort();
await verifying;
const longest = verdicts.toSorted((a, b) => b.ms - a.ms).slice(0, 5);
const pick = (perSecond: number) => perSecond;
report({
  settings: await shop.settings(),
  orders: await counted(),
  invariants: verdicts.length,
  verify_s: Number((verifiedMs / 1_000).toFixed(1)),
  snapshot_s: snapshots.map((ms) => Number((ms / 1_000).toFixed(1))),
  longest_s: Object.fromEntries(
    longest.map(({ invariant, ms }) => [invariant.name, Number((ms / 1_000).toFixed(1))]),
  ),
  holds_per_s: rounds.each(pick, 0),
  beside_verify: rounds.ratio('verify', 'alone', pick),
  beside_audit: rounds.ratio('audit', 'alone', pick),
});
await books[Symbol.asyncDispose]();
await shop.db[Symbol.asyncDispose]();
