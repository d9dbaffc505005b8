import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Paid, report, Shop, stackCalled } from './load.ts';

/*
 * How fast one, two and three ticketing workers of concurrency 4 settle a backlog of paid orders.
 * The queue is paused while the backlog is made, so nothing else runs when it is settled. Workers
 * that sit a round out are stopped (SIGSTOP) and go on after it.
 */

const backlog = 240;
const clients = 8;
const stack = stackCalled('ours');
const shop = new Shop(stack);
const workers = ['ticketing', 'ticketing-2', 'ticketing-3'];
const pids = workers.map((name) => stack.pids[name] ?? 0);

const connection = new Redis(stack.redis_url, { maxRetriesPerRequest: null });
const queue = new Queue('ticketing', { connection, prefix: '{liventix}' });
/** Mails wait until the end: settling is measured, and both would share the cores. */
const mails = new Queue('notifications', { connection, prefix: '{liventix}' });
await mails.pause();

/** Paid orders of several events, whose settling waits in the paused queue. */
async function makeBacklog(): Promise<Paid[]> {
  const events = await Promise.all(
    Array.from({ length: clients }, async () => await shop.makeEvent()),
  );
  const paid: Paid[] = [];
  await Promise.all(
    events.map(async (event) => {
      for (let n = 0; n < backlog / clients; n += 1) {
        paid.push(await shop.buy(event));
      }
    }),
  );
  while ((await queue.count()) < backlog) {
    await sleep(50);
  }
  return paid;
}

/** Orders a second between the first and the last tickets: the wake-up is not counted. */
async function settleWith(count: number): Promise<number> {
  await queue.pause();
  const paid = await makeBacklog();
  const idle = pids.slice(count);
  for (const pid of idle) {
    process.kill(pid, 'SIGSTOP');
  }
  await queue.resume();
  let done = new Map<string, number>();
  while (done.size < paid.length) {
    await sleep(100);
    done = await shop.fulfilledAt(paid);
  }
  for (const pid of idle) {
    process.kill(pid, 'SIGCONT');
  }
  const times = [...done.values()].toSorted((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  return Math.round((paid.length / seconds) * 10) / 10;
}

await settleWith(3);
const rates = { one: await settleWith(1), two: await settleWith(2), three: await settleWith(3) };
report({
  settled_per_s: rates,
  three_to_one: Math.round((rates.three / rates.one) * 100) / 100,
  two_to_one: Math.round((rates.two / rates.one) * 100) / 100,
});
await mails.resume();
await mails.close();
await queue.close();
connection.disconnect();
await shop.db[Symbol.asyncDispose]();
