import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openPager, type Pager } from '#support/pager';
import { orderBecomes, pay, placeOrder, sellEvent, startWorld, type World } from '#support/world';

let world: World;
let pager: Pager;

beforeAll(async () => {
  pager = await openPager();
  // The watch's own pace, as it is delivered.
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { ALERT_WEBHOOK_URL: pager.url },
  });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await pager?.[Symbol.asyncDispose]();
});

/** From a broken worker to somebody who knows. */
const boundMs = 90_000;

/** For all else: it bounds a failing test. */
const patienceMs = 180_000;

test('somebody hears of a frozen ticketing worker within ninety seconds, and of its return', async () => {
  const event = await sellEvent(world);
  world.stack.supervisor.signal('ticketing', 'SIGSTOP');
  const brokenMs = performance.now();
  const leftMs = () => boundMs - (performance.now() - brokenMs);
  const order = await placeOrder(world, event);
  await pay(world, order.sessionId);
  await pager.hears('[page] ServiceSilent: No process of ticketing', leftMs());
  expect(leftMs()).toBeGreaterThan(0);
  // Nobody has settled the order: that it is paid stands in a stored event alone.
  await pager.hears('[page] PaidWithoutTickets: 1 orders', patienceMs);
  world.stack.supervisor.signal('ticketing', 'SIGCONT');
  await orderBecomes(world, order, 'fulfilled');
  await pager.hears('[cleared] ServiceSilent', patienceMs);
  await pager.hears('[cleared] PaidWithoutTickets', patienceMs);
  expect(pager.texts.filter((text) => text.startsWith('[page] ServiceSilent'))).toHaveLength(1);
}, 900_000);
