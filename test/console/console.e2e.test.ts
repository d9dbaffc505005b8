import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openIncident } from '@liventix/domain/incidents/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { z } from 'zod';
import { launchChromium, test } from '#support/chromium';
import { enter } from '#support/console';
import { mailsBecome } from '#support/mails';
import {
  buyer,
  checkOut,
  count,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  placeOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  type World,
} from '#support/world';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const axeResult = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

let world: World;
let browser: Browser;
let event: SoldEvent;
let placed: Placed;

beforeAll(async () => {
  [world, browser] = await Promise.all([
    startWorld({
      databaseUrl: inject('databaseUrl'),
      // Who reads the list of events may be before the webhook, and then is what the story shows.
      overrides: { RECONCILE_INTERVAL_MS: '3600000' },
    }),
    launchChromium(),
  ]);
  event = await sellEvent(world);
  placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  await mailsBecome(world, placed, ['order_confirmation']);
});
afterAll(async () => {
  await browser?.close();
  await world[Symbol.asyncDispose]();
});

function at(path: string): string {
  return `${world.stack.urls.ops}${path}`;
}

const pages = () => [
  '/console',
  '/console/orders?query=Ada',
  `/console/orders/${placed.orderId}`,
  '/console/events',
  `/console/events/${event.id}`,
  '/console/to-do',
  '/console/mails',
  '/console/books',
  '/console/people',
  '/console/privacy',
  '/console/audit',
  '/account',
];

/** What axe finds that keeps somebody out. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = axeResult.parse(await page.evaluate('axe.run()'));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('every page', () => {
  test.for([
    { colorScheme: 'light', viewport: { width: 1200, height: 800 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
  ] as const)('keeps nobody out, and fits: $colorScheme, $viewport.width wide', async (context) => {
    const {
      page,
      context: own,
      complaints,
    } = await enter({ world, browser }, 'owner', { ...context, bypassCSP: true });
    for (const path of pages()) {
      await page.goto(at(path));
      expect(await barriers(page), path).toEqual([]);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
    await own.close();
  });

  test('weighs at most 150 kB, compressed, with all it loads', async () => {
    const { page, context } = await enter({ world, browser }, 'owner');
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    for (const path of pages()) {
      bytes = 0;
      await page.goto(at(path), { waitUntil: 'load' });
      expect(bytes, path).toBeGreaterThan(1_000);
      expect(bytes, path).toBeLessThan(150_000);
    }
    await context.close();
  });
});

test('an order is found from any page by the keyboard, and its page tells its story', async () => {
  const { page, context, complaints } = await enter({ world, browser }, 'support');
  await page.keyboard.press('/');
  await page.keyboard.type('ada love');
  await page.keyboard.press('Enter');
  await page.waitForURL(/query=ada/);
  await page.click('table a');
  const told = [
    'Seats held',
    'Payment page opened',
    'checkout.session.completed (webhook)',
    'order.settle asked of ticketing',
    'taken for tickets',
    'order.settle done',
    'Seats became tickets',
    'Mail sent: order confirmation',
  ];
  await page.waitForSelector('.timeline');
  await waitFor(
    async () => {
      const story = await page.textContent('.timeline');
      if (told.every((said) => story?.includes(said))) {
        return true;
      }
      await page.reload();
      return false;
    },
    { what: `the story to say ${told.join(', ')}` },
  );
  expect(await page.textContent('h1')).toContain('fulfilled');
  expect(complaints).toEqual([]);
  await context.close();
});

test('numbers change while somebody looks, without loading the page again', async () => {
  const { page, context } = await enter({ world, browser }, 'read_only');
  const sold = async () => Number(await page.textContent('[data-live=ordersPaid]'));
  await waitFor(async () => (await page.textContent('#live')) === 'connected', {
    what: 'the stream to be connected',
  });
  const before = await sold();
  await page.evaluate('document.title = "still here"');
  const order = await placeOrder(world, event, 1);
  await pay(world, order.sessionId);
  await waitFor(async () => (await sold()) > before, { what: 'the number of orders to rise' });
  expect(await page.title()).toBe('still here');
  expect(await page.locator('form.call').count()).toBe(0);
  await context.close();
});

test('who stands at the door sees events, and nothing of buyers or money', async () => {
  const { page, context } = await enter({ world, browser }, 'door');
  expect(new URL(page.url()).pathname).toBe('/console/events');
  expect((await page.locator('nav a').allTextContents()).map((text) => text.trim())).toEqual([
    'Events',
  ]);
  await page.goto(at(`/console/events/${event.id}`));
  expect(await page.textContent('main')).not.toContain('Sales');
  for (const path of [
    '/console',
    '/console/orders',
    `/console/orders/${placed.orderId}`,
    '/queues',
  ]) {
    expect((await page.goto(at(path)))?.status(), path).toBe(403);
  }
  await context.close();
});

test('queues are looked at by who reads, and mended by an owner whose acts are written down', async () => {
  const reader = await enter({ world, browser }, 'read_only');
  const shown = await reader.page.goto(at('/queues'));
  const policy = shown?.headers()['content-security-policy'] ?? '';
  expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
  await reader.page.waitForSelector('text=ticketing');
  await reader.page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { text: 'window.harmed = 1' }))`,
  );
  expect(await reader.page.evaluate('window.harmed')).toBeUndefined();
  await reader.context.close();
  const { page, context } = await enter({ world, browser }, 'owner');
  await page.goto(at('/mend/queues'));
  await page.waitForSelector('text=ticketing');
  const put = async (act: string): Promise<unknown> =>
    await page.evaluate(
      `fetch('/mend/queues/api/queues/ticketing/${act}', { method: 'PUT' }).then((answer) => answer.status)`,
    );
  expect(await put('pause')).toBe(200);
  expect(await put('resume')).toBe(200);
  for (const act of ['obliterate', 'empty', 'clean/failed']) {
    expect(await put(act)).toBe(403);
  }
  const { rows } = await world.db.pool.raw(
    `select action || ' ' || (facts ->> 'act') as act from audit_log
      where object_type = 'queue' order by id`,
  );
  expect(rows.map((row: { act: string }) => row.act)).toEqual([
    'queue.mend pause',
    'queue.mend resume',
    'queue.refused obliterate',
    'queue.refused empty',
    'queue.refused clean',
  ]);
  await context.close();
});

test('what is kept of somebody is saved as a file, and who is needed is not forgotten', async () => {
  const { page, context, complaints } = await enter({ world, browser }, 'owner');
  await page.goto(at('/console/privacy'));
  const [file, oblivion] = await page.locator('form.call').all();
  await file?.locator('input').fill(buyer.email);
  const saving = page.waitForEvent('download');
  await file?.locator('button').click();
  const saved = readFileSync(await (await saving).path(), 'utf8');
  expect(JSON.parse(saved).orders).toEqual(
    expect.arrayContaining([expect.objectContaining({ email: buyer.email })]),
  );
  page.on('dialog', async (dialog) => await dialog.accept());
  await oblivion?.locator('input').fill(buyer.email);
  await oblivion?.locator('button').click();
  await page.locator('#said', { hasText: 'not over' }).waitFor();
  expect(
    await count(world, `from orders where id = :id and erased_at is null`, { id: placed.orderId }),
  ).toBe(1);
  // The browser says itself that the answer was a 409.
  expect(complaints.filter((complaint) => !complaint.includes('409'))).toEqual([]);
  await context.close();
});

test('hostile names are text wherever they stand', async () => {
  const name = `"><img src=x onerror="window.harmed=1"><script>window.harmed=1</script>'`;
  const theirs = await sellEvent(world, { title: name, venue: name });
  const order = await checkOut(world, await placeHold(world, theirs), {
    buyer: { name, email: 'delivered+eve@resend.dev' },
  });
  await pay(world, order.sessionId);
  await orderBecomes(world, order, 'fulfilled');
  await openIncident(world.db.pool, {
    kind: 'payment.review',
    objectType: 'order',
    objectId: order.orderId,
    message: name,
  });
  const { page, context, complaints } = await enter({ world, browser }, 'owner', { name });
  for (const path of [
    `/console/orders?query=${encodeURIComponent(name)}`,
    `/console/orders/${order.orderId}`,
    '/console/events',
    `/console/events/${theirs.id}`,
    '/console/to-do',
    '/console/people',
    '/console/audit',
  ]) {
    await page.goto(at(path));
    expect(await page.content(), path).toContain('onerror');
    expect(await page.evaluate('window.harmed'), path).toBeUndefined();
    expect(await page.locator('main img, main script').count(), path).toBe(0);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
