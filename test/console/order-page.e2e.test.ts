import { openIncident } from '@liventix/domain/incidents/repository';
import { markMessageDead } from '@liventix/domain/outbox/dead-repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { launchChromium, test } from '#support/chromium';
import { enter } from '#support/console';
import { refundsBecome } from '#support/refunds';
import { breakIssuing } from '#support/unissuable';
import {
  count,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;
let browser: Browser;
let event: SoldEvent;

beforeAll(async () => {
  [world, browser] = await Promise.all([
    startWorld({ databaseUrl: inject('databaseUrl') }),
    launchChromium(),
  ]);
  event = await sellEvent(world);
});
afterAll(async () => {
  await browser?.close();
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

function at(path: string): string {
  return `${world.stack.urls.ops}${path}`;
}

async function buy(quantity = 2): Promise<Placed> {
  const order = await placeOrder(world, event, quantity);
  await pay(world, order.sessionId);
  await orderBecomes(world, order, 'fulfilled');
  return order;
}

/** The story as the page tells it, once it says this. */
async function storySays(page: Page, order: Placed, ...texts: readonly string[]): Promise<void> {
  let story = '';
  await waitFor(
    async () => {
      await page.goto(at(`/console/orders/${order.orderId}`));
      story = (await page.textContent('.timeline')) ?? '';
      return texts.every((text) => story.includes(text));
    },
    { what: `the story to say ${texts.join(', ')}` },
  );
}

test('buttons pressed twice do their work once', async () => {
  const order = await placeOrder(world, event, 2);
  await pay(world, order.sessionId);
  await orderBecomes(world, order, 'fulfilled');
  const { page, context, complaints } = await enter({ world, browser }, 'support');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(at(`/console/orders/${order.orderId}`));
  const says = async (text: string) =>
    await waitFor(async () => (await page.textContent('#said'))?.includes(text), { what: text });
  await page.click('text=Ensure tickets');
  await says('Done: queued');
  await page.click('summary:has-text("Refund")');
  const refund = page.locator('form.call:has-text("Refund these tickets")');
  await refund.locator('input[type=checkbox]').first().check();
  await refund.locator('input[name=reason]').fill('The buyer is ill.');
  await refund.evaluate((form: { requestSubmit: () => void }) => {
    form.requestSubmit();
    form.requestSubmit();
  });
  await says('Done');
  const refunds = { orderId: order.orderId };
  await waitFor(
    async () =>
      (await count(
        world,
        `from refunds where order_id = :orderId and status = 'succeeded'`,
        refunds,
      )) === 1,
    { what: 'one refund to succeed' },
  );
  expect(await count(world, 'from refunds where order_id = :orderId', refunds)).toBe(1);
  await page.goto(at(`/console/orders/${order.orderId}`));
  const story = await page.textContent('.timeline');
  expect(story).toContain('order.refund');
  expect(story).toContain('Grace');
  const fix = page.locator('form.call:has-text("Fix the address")');
  await fix.locator('input[name=email]').fill('delivered+new@resend.dev');
  await fix.locator('button').click();
  await waitFor(
    async () =>
      (await count(
        world,
        `from emails where order_id = :orderId and recipient = 'delivered+new@resend.dev'
            and status in ('sent', 'delivered')`,
        refunds,
      )) === 1,
    { what: 'the tickets to be mailed to the new address' },
  );
  expect(complaints).toEqual([]);
  await context.close();
});

test('of an order whose tickets cannot be issued all the money is given back', async () => {
  await using unissuable = await breakIssuing(world);
  const dark = await sellEvent(world);
  await unissuable.add(dark);
  const order = await placeOrder(world, dark, 2);
  await pay(world, order.sessionId);
  await orderBecomes(world, order, 'paid');
  const { page, context, complaints } = await enter({ world, browser }, 'support');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(at(`/console/orders/${order.orderId}`));
  await page.click('summary:has-text("Refund")');
  await page.locator('input[name=reason]').fill('Its tickets do not come.');
  await page.locator('form.call:has-text("without tickets") button').dblclick();
  await refundsBecome(world, order, ['succeeded']);
  await storySays(page, order, 'order.refund', 'taken for refund', 'given_up');
  expect(await page.textContent('h1')).toContain('cancelled');
  expect(complaints).toEqual([]);
  await context.close();
});

test('the mail is sent once for each time that the button was shown', async () => {
  const order = await buy();
  const { page, context } = await enter({ world, browser }, 'support');
  await page.goto(at(`/console/orders/${order.orderId}`));
  const again = page.locator('form.call:has-text("Mail the tickets again")');
  await again.evaluate((form: { requestSubmit: () => void }) => {
    form.requestSubmit();
    form.requestSubmit();
  });
  const { orderId } = order;
  const mails = async () =>
    await count(world, `from emails where order_id = :orderId and kind = 'order_confirmation'`, {
      orderId,
    });
  await waitFor(async () => (await mails()) > 1, { what: 'a second confirmation' });
  await storySays(page, order, 'order.resend_confirmation', 'email.delivered (webhook of Resend)');
  expect(await mails()).toBe(2);
  await context.close();
});

test('each try of a job stands in the story with its error, and is made again from there', async () => {
  const order = await buy();
  const sessionId = 'cs_test_nobodys';
  const messageId = await world.db.inTransaction(
    async (tx) => await enqueue(tx, 'order.settle', { orderId: order.orderId, sessionId }),
  );
  const { page, context } = await enter({ world, browser }, 'support');
  await storySays(page, order, 'order.settle failed, start 1', 'order.settle given up');
  const { rows } = await world.db.pool.raw(
    'select error from message_attempts where message_id = :messageId',
    { messageId },
  );
  expect(rows[0].error.length).toBeGreaterThan(10);
  await storySays(page, order, rows[0].error);
  const tries = async () =>
    await count(world, 'from message_attempts where message_id = :messageId', { messageId });
  const before = await tries();
  await page.locator('.timeline button:has-text("Replay")').click();
  await waitFor(async () => (await tries()) > before, { what: 'the job to be tried again' });
  await context.close();
});

test('jobs of its refunds and mails stand in the story, and who decided them', async () => {
  const order = await buy();
  const { page, context } = await enter({ world, browser }, 'support');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(at(`/console/orders/${order.orderId}`));
  await page.click('summary:has-text("Refund")');
  const whole = page.locator('form.call:has-text("Refund all that is left")');
  await whole.locator('input[name=reason]').fill('Ill.');
  await whole.locator('button').click();
  await refundsBecome(world, order, ['succeeded']);
  await storySays(page, order, 'refund.submit done', 'email.send done', 'order.refundGrace');
  await context.close();
});

test('a payment in review is decided on the page of its order', async () => {
  const order = await placeOrder(world, event, 1);
  await pay(world, order.sessionId, { tamper: { amount_total: 4_000 } });
  const { page, context } = await enter({ world, browser }, 'support');
  page.on('dialog', (dialog) => void dialog.accept());
  await storySays(page, order, 'Incident payment.review');
  const decide = page.locator('form.call:has-text("Give this payment back")');
  await decide.locator('input[name=reason]').fill('It was another amount.');
  await decide.locator('button').click();
  await refundsBecome(world, order, ['succeeded']);
  await storySays(page, order, 'Incident payment.review closed', 'payment.refund');
  expect(await page.locator('form.call:has-text("Give this payment back")').count()).toBe(0);
  await context.close();
});

test('a dead job and an incident are on the list, and are dealt with there', async () => {
  const placed = await buy();
  const messageId = await world.db.inTransaction(async (tx) => {
    const id = await enqueue(tx, 'tickets.ensure', { orderId: placed.orderId });
    await markMessageDead(tx, { messageId: id, jobName: 'tickets.ensure', error: 'it broke' });
    return id;
  });
  await openIncident(world.db.pool, {
    kind: 'payment.review',
    objectType: 'order',
    objectId: placed.orderId,
    message: 'Look at it.',
  });
  const { page, context } = await enter({ world, browser }, 'support');
  await page.goto(at('/console/to-do'));
  const dead = page.locator('tr:has-text("it broke")');
  expect(await dead.locator('a').getAttribute('href')).toBe(`/console/orders/${placed.orderId}`);
  await dead.locator('button').click();
  await waitFor(
    async () =>
      (await count(world, 'from outbox where id = :messageId and done_at is not null', {
        messageId,
      })) === 1,
    { what: 'the replayed job to be done' },
  );
  const incident = page.locator('tr:has-text("Look at it.")');
  await incident.locator('input[name=note]').fill('Looked.');
  await incident.locator('button').click();
  await waitFor(async () => (await page.locator('tr:has-text("Look at it.")').count()) === 0, {
    what: 'the incident to leave the list',
  });
  await context.close();
});
