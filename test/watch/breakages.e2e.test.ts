import { fileURLToPath } from 'node:url';
import { enqueue } from '@liventix/domain/outbox/repository';
import { connectRedis } from '@liventix/shared/redis';
import { waitFor } from '@liventix/shared/testing/wait';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, vi } from 'vitest';
import { launchChromium, test } from '#support/chromium';
import { openPager, type Pager } from '#support/pager';
import { goodPassword, invitePerson } from '#support/people';
import { statementThatMakes } from '#support/triggers';
import {
  count,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  placeOrder,
  type SoldEvent,
  sellEvent,
  setWeather,
  startWorld,
  violations,
  type World,
} from '#support/world';

// The longest way, from a break to its end, three times over: it bounds a failing test.
vi.setConfig({ testTimeout: 900_000 });

const hourAhead = fileURLToPath(new URL('../support/hour-ahead.ts', import.meta.url));

/**
 * Breaks the system in eight ways. Each time somebody is told by name, the console shows whom it
 * concerns, what the runbook says mends it, and the alert clears.
 */
let world: World;
let pager: Pager;
let browser: Browser;
let page: Page;
let event: SoldEvent;

beforeAll(async () => {
  pager = await openPager();
  [world, browser] = await Promise.all([
    startWorld({
      databaseUrl: inject('databaseUrl'),
      overrides: {
        ALERT_WEBHOOK_URL: pager.url,
        // Three times this without a look, and nobody is missed: a busy machine stands still for seconds.
        WATCH_INTERVAL_MS: '2000',
        AUDIT_INTERVAL_MS: '2000',
        MAIL_WATCH_INTERVAL_MS: '500',
        // As late as to tell a webhook that is lost from one that is on its way.
        RECONCILE_INTERVAL_MS: '18000',
      },
    }),
    launchChromium(),
  ]);
  event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 1_000, max_per_order: 10 }],
  });
  const { link } = await invitePerson(world, 'owner');
  page = await browser.newPage();
  await page.goto(link);
  await page.fill('input[type=password]', goodPassword);
  await page.click('button.main');
  await page.waitForURL(/\/console/);
});
afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
  await pager?.[Symbol.asyncDispose]();
});

let heardBefore = 0;
beforeEach(() => {
  heardBefore = pager.texts.length;
});
afterEach(async () => {
  expect(await violations(world)).toEqual([]);
});

type Said = 'page' | 'ticket' | 'cleared';

/** Whether a page of this alert was heard since this test began. */
function isHeard(name: string, what: Said): boolean {
  return pager.texts.slice(heardBefore).some((text) => text.startsWith(`[${what}] ${name}`));
}

/** Waits for a page of this alert. */
async function pageOf(name: string, what: Said): Promise<void> {
  await waitFor(async () => isHeard(name, what), {
    what: `[${what}] ${name}`,
    timeoutMs: 240_000,
  });
}

/** Waits until the console's list of what there is to do says all of this. */
async function toDoSays(...texts: readonly string[]): Promise<void> {
  await waitFor(
    async () => {
      await page.goto(`${world.stack.urls.ops}/console/to-do`);
      const shown = (await page.textContent('main')) ?? '';
      return texts.every((text) => shown.includes(text));
    },
    { what: `the console to say ${texts.join(', ')}` },
  );
}

async function numberOf({ orderId }: Placed): Promise<string> {
  const { rows } = await world.db.pool.raw('select number from orders where id = :orderId', {
    orderId,
  });
  return rows[0].number;
}

async function buy(): Promise<Placed> {
  const placed = await placeOrder(world, event, 1);
  await pay(world, placed.sessionId);
  return placed;
}

/** Restarts a service as somebody who changed its settings would. */
async function startAgain(
  name: 'notifications' | 'webhook-ingest',
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const { supervisor } = world.stack;
  await supervisor.stop(name, 10_000);
  supervisor.revive(name, settings);
  await world.stack.ready(name);
}

/**
 * Waits until this alert has cleared, as if time flew: rates look back five minutes. Also what a process
 * has yet to tell that it counted is of then.
 */
async function clearsInTime(name: string): Promise<void> {
  await waitFor(
    async () => {
      await world.db.pool.raw('delete from signal_counts');
      return isHeard(name, 'cleared');
    },
    { what: `[cleared] ${name}`, timeoutMs: 240_000 },
  );
}

/** Buys until the webhook is what tells of it: Stripe's list may be read at that very moment. */
async function buyHeard(): Promise<void> {
  const told = `from stripe_events
    where source = 'webhook' and payload -> 'data' -> 'object' ->> 'id' = :sessionId`;
  await waitFor(
    async () => {
      const order = await buy();
      await orderBecomes(world, order, 'fulfilled');
      return (await count(world, told, { sessionId: order.sessionId })) > 0;
    },
    { what: 'a webhook', timeoutMs: 240_000 },
  );
}

test('1. a worker is stopped', async () => {
  world.stack.supervisor.signal('ticketing', 'SIGSTOP');
  const order = await buy();
  await pageOf('ServiceSilent: No process of ticketing', 'page');
  await toDoSays('ServiceSilent', await numberOf(order));
  world.stack.supervisor.signal('ticketing', 'SIGCONT');
  await orderBecomes(world, order, 'fulfilled');
  await pageOf('ServiceSilent', 'cleared');
});

test('2. Redis is flushed', async () => {
  world.stack.supervisor.signal('ticketing', 'SIGSTOP');
  const order = await buy();
  const { redisUrl: url } = world.stack;
  const redis = connectRedis({ url, role: 'worker', onError: () => undefined });
  await redis.flushall();
  redis.disconnect();
  await pageOf('RedisLostData', 'page');
  await toDoSays('RedisLostData', await numberOf(order));
  world.stack.supervisor.signal('ticketing', 'SIGCONT');
  await orderBecomes(world, order, 'fulfilled');
  await pageOf('RedisLostData', 'cleared');
});

test('3. Stripe answers with faults', async () => {
  await setWeather(world, 'stripe', { down: true });
  const hold = await placeHold(world, event, 1);
  const url = `${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`;
  const key = crypto.randomUUID();
  const buyer = { name: 'Ada', email: 'delivered+ada@resend.dev' };
  const ask = async () => await http(url, { token: hold.body.token, key, body: { buyer } });
  await waitFor(
    async () => {
      await ask();
      return isHeard('ProviderFails', 'page');
    },
    { what: 'somebody to hear that Stripe fails', timeoutMs: 240_000 },
  );
  const { rows } = await world.db.pool.raw('select number from orders where hold_id = :id', {
    id: hold.body.id,
  });
  await toDoSays('ProviderFails', rows[0].number, 'waits for a payment page');
  await setWeather(world, 'stripe', {});
  await waitFor(async () => (await ask()).status === 201, { what: 'the buyer to get on' });
  await clearsInTime('ProviderFails');
});

test('4. webhooks are lost', async () => {
  await setWeather(world, 'stripe', {
    webhooks: { drop_rate: 1, duplicates: 0, delay_ms: 0, reorder: false },
  });
  const order = await buy();
  // What the list tells within ten seconds may be a webhook that is on its way.
  await waitFor(
    async () => {
      await orderBecomes(world, await buy(), 'fulfilled');
      return isHeard('WebhooksLost', 'page');
    },
    { what: 'somebody to hear that webhooks are lost', timeoutMs: 300_000 },
  );
  await orderBecomes(world, order, 'fulfilled');
  await page.goto(`${world.stack.urls.ops}/console/orders/${order.orderId}`);
  expect(await page.textContent('.timeline')).toContain(
    'checkout.session.completed (read from Stripe)',
  );
  await setWeather(world, 'stripe', {});
  await buyHeard();
  await pageOf('WebhooksLost', 'cleared');
});

test("5. the mail provider's key is wrong", async () => {
  await startAgain('notifications', { RESEND_API_KEY: 're_another_houses' });
  const order = await buy();
  await orderBecomes(world, order, 'fulfilled');
  await pageOf('MailStopped', 'page');
  await toDoSays('mail.stopped', await numberOf(order));
  await startAgain('notifications', { RESEND_API_KEY: world.stack.resendApiKey });
  const { orderId } = order;
  await waitFor(
    async () =>
      (await count(
        world,
        `from emails where order_id = :orderId and status in ('sent', 'delivered')`,
        { orderId },
      )) === 1,
    { what: 'the mail to go by itself', timeoutMs: 240_000 },
  );
  await pageOf('MailStopped', 'cleared');
});

test('6. a job is poisoned', async () => {
  const order = await placeOrder(world, event, 1);
  const messageId = await world.db.inTransaction(
    async (tx) =>
      await enqueue(tx, 'order.settle', { orderId: order.orderId, sessionId: 'cs_test_nobodys' }),
  );
  await pageOf('MessageDead', 'ticket');
  await toDoSays('order.settle', 'message.dead');
  const dead = page.locator('tr:has-text("order.settle"):has(button:has-text("Replay"))');
  expect(await dead.locator('a').getAttribute('href')).toBe(`/console/orders/${order.orderId}`);
  await world.db.pool.raw(
    `update outbox set payload = jsonb_set(payload, '{sessionId}', to_jsonb(:sessionId::text))
      where id = :messageId`,
    { messageId, sessionId: order.sessionId },
  );
  await pay(world, order.sessionId);
  await dead.locator('button').click();
  await orderBecomes(world, order, 'fulfilled');
  await pageOf('MessageDead', 'cleared');
});

test('7. a clock is wrong', async () => {
  await startAgain('webhook-ingest', { NODE_OPTIONS: `--import ${hourAhead}` });
  const order = await buy();
  await pageOf('ClockWrong', 'page');
  await toDoSays('ClockWrong', 'a clock is wrong');
  // The reconciler reads from Stripe what the door turned away.
  await orderBecomes(world, order, 'fulfilled');
  await page.goto(`${world.stack.urls.ops}/console/orders/${order.orderId}`);
  expect(await page.textContent('.timeline')).toContain(
    'checkout.session.completed (read from Stripe)',
  );
  await startAgain('webhook-ingest', { NODE_OPTIONS: '' });
  await orderBecomes(world, await buy(), 'fulfilled');
  await clearsInTime('ClockWrong');
});

test('8. the trigger that counts seats is dropped', async () => {
  const { pool } = world.db;
  await pool.raw('drop trigger hold_items_inserted on hold_items');
  await placeHold(world, event, 3);
  await pageOf('BooksBroken', 'page');
  await toDoSays('BooksBroken', 'books.broken');
  const concerned = page.locator(
    `tr:has-text("books.broken") a[href="/console/events/${event.id}"]`,
  );
  // An audit that was under way may have missed the trigger alone: the seats, which name the event, are for the next.
  await waitFor(
    async () => {
      await page.goto(`${world.stack.urls.ops}/console/to-do`);
      return (await concerned.count()) > 0;
    },
    { what: 'the console to name the event whose seats are counted wrong' },
  );
  await pool.raw(statementThatMakes('hold_items_inserted'));
  await pool.raw('select recount_seats(id) from events');
  await pageOf('BooksBroken', 'cleared');
});
