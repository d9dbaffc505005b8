import { setTimeout as sleep } from 'node:timers/promises';
import { loadBench } from './config.ts';
import { quantile } from './figures.ts';
import { atRate, report, Shop, stackCalled } from './load.ts';

/*
 * An event with ten thousand paid orders is cancelled: how long until every refund is written down,
 * how fast they are made at Stripe when nobody holds them back, and what sales of another event
 * notice of it meanwhile, from payment to tickets.
 */

const orders = loadBench().LIVENTIX_REFUND_ORDERS;
const clients = 16;
const sales = { perSecond: 10, count: 200 };

const shop = new Shop(stackCalled('ours'));
const [doomed, other] = [await shop.makeEvent(), await shop.makeEvent()];
const paid = await shop.buyMany(doomed, clients, orders);
await shop.allFulfilled(paid);
await shop.allQuiet();

async function p99OfSales(): Promise<number> {
  const bought = await atRate(sales, async () => await shop.buy(other));
  return quantile(await shop.allFulfilled(bought), 0.99);
}

async function count(statuses: readonly string[]): Promise<number> {
  const { rows } = await shop.db.pool.raw(
    `select count(*)::int as n from refunds
      where kind = 'event_cancelled' and status = any (:statuses::text[])`,
    { statuses: [...statuses] },
  );
  return rows[0].n;
}

async function secondsUntil(statuses: readonly string[], startedMs: number): Promise<number> {
  while ((await count(statuses)) < orders) {
    await sleep(100);
  }
  return (performance.now() - startedMs) / 1_000;
}

const aloneMs = await p99OfSales();
await shop.allQuiet();
const { urls, admin_api_key: token } = shop.stack;
const startedMs = performance.now();
const answer = await fetch(`${urls.ops}/admin/v1/events/${doomed.id}/cancel`, {
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: '{}',
});
if (!answer.ok) {
  throw new Error(`the event was not cancelled: ${answer.status}`);
}
const [writtenS, madeS, besideMs] = await Promise.all([
  secondsUntil(['requested', 'submitted', 'succeeded'], startedMs),
  secondsUntil(['succeeded'], startedMs),
  p99OfSales(),
]);
report({
  settings: await shop.settings(),
  orders,
  written_s: Number(writtenS.toFixed(1)),
  made_s: Number(madeS.toFixed(1)),
  made_per_s: Math.round(orders / madeS),
  sales_p99_ms: { alone: Math.round(aloneMs), beside: Math.round(besideMs) },
  sales_beside_alone: Number((besideMs / aloneMs).toFixed(2)),
});
await shop.db[Symbol.asyncDispose]();
