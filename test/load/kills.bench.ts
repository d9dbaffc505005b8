import { setTimeout as sleep } from 'node:timers/promises';
import { atRate, type BenchEvent, type Paid, report, Shop, stackCalled } from './load.ts';

/*
 * Kills one process after the other while tickets are sold, and says how long after each kill the
 * last order that had been paid by then, or while the process was away, got its tickets.
 */

const stack = stackCalled('ours');
const shop = new Shop(stack);

/** The stack's supervisor starts each of these again. */
const victims = [
  'checkout',
  'webhook-ingest',
  'ticketing',
  'notifications',
  'inventory-sweeper',
  'ops',
  'redis',
  'postgres',
] as const;

const perSecond = 5;
const secondsBefore = 3;
const secondsAfter = 4;

/** A buyer whose request meets a dying process tries no further: only paid orders count. */
async function tryToBuy(event: BenchEvent): Promise<Paid | undefined> {
  return await shop.buy(event).catch(() => undefined);
}

async function without(orders: readonly Paid[]): Promise<number> {
  const done = await shop.fulfilledAt(orders).catch(() => new Map());
  return orders.length - done.size;
}

async function killDuringSale(name: (typeof victims)[number]) {
  const pid = stack.pids[name];
  if (pid === undefined) {
    return { killed: false };
  }
  const event = await shop.makeEvent();
  const count = perSecond * (secondsBefore + secondsAfter);
  const paid: Paid[] = [];
  let failed = 0;
  const sale = atRate({ perSecond, count }, async () => {
    const order = await tryToBuy(event);
    if (order === undefined) {
      failed += 1;
      return;
    }
    paid.push(order);
  });
  await sleep(secondsBefore * 1_000);
  process.kill(pid, 'SIGKILL');
  const killedAtMs = Date.now();
  await sale;
  const giveUpAtMs = Date.now() + 120_000;
  while ((await without(paid)) > 0 && Date.now() < giveUpAtMs) {
    await sleep(100);
  }
  const done = [...(await shop.fulfilledAt(paid)).values()];
  return {
    paid: paid.length,
    refused_or_unpaid: failed,
    paid_without_tickets: paid.length - done.length,
    last_tickets_s_after_kill: Math.round((Math.max(...done) - killedAtMs) / 100) / 10,
    longest_payment_to_tickets_s: Math.round((await longestWaitMs(paid)) / 100) / 10,
  };
}

async function longestWaitMs(orders: readonly Paid[]): Promise<number> {
  const done = await shop.fulfilledAt(orders);
  return Math.max(...orders.map((order) => (done.get(order.orderId) ?? 0) - order.paidAtMs));
}

const result: Record<string, unknown> = {};
for (const name of victims) {
  result[name] = await killDuringSale(name);
  await sleep(2_000);
}
report(result);
await shop.db[Symbol.asyncDispose]();
