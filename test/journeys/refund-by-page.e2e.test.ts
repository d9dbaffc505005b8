import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dispute, ticketsBecome } from '#support/disputes';
import { type Form, openPage, type Page, sendForm } from '#support/forms';
import { type Bought, buy, givenBackAtStripe, refundsBecome, refundsOf } from '#support/refunds';
import {
  http,
  type Placed,
  placeOrder,
  type SoldEvent,
  sellEvent,
  setWeather,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function setPolicy(event: SoldEvent, policy: Readonly<Record<string, unknown>>) {
  const url = `${world.stack.urls.ops}/admin/v1/events/${event.id}/refund-policy`;
  const answer = await http(url, { method: 'PUT', token: world.stack.adminApiKey, body: policy });
  expect(answer.status).toBe(200);
}

async function sellWith(
  policy: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<SoldEvent> {
  const event = await sellEvent(world, more);
  await setPolicy(event, policy);
  return event;
}

function pageUrl(order: Placed): string {
  return `${world.stack.urls.checkout}/orders/t/${order.orderToken}`;
}

function formOf(page: Page): Form {
  const [form, ...more] = page.forms;
  expect(more).toEqual([]);
  return form ?? expect.fail(`no form on: ${page.text}`);
}

/** As far as the button that gives these tickets back. */
async function preview(order: Bought, tickets: readonly string[]): Promise<Page> {
  return await sendForm(formOf(await openPage(pageUrl(order))), tickets);
}

describe('giving tickets back without scripts', () => {
  test('choose, look, confirm; the page says where the money is', async () => {
    const order = await buy(world, await sellWith({ allowed: true, kept_percent: 10 }));
    const [first = '', second = ''] = order.ticketIds;
    const page = await openPage(pageUrl(order));
    expect(page.text).toContain('You can give tickets back until');
    expect(page.policy).toContain("form-action 'self'");
    expect(page.policy).not.toContain('script');

    const shown = await sendForm(formOf(page), [first]);
    expect(shown).toMatchObject({ status: 200, policy: page.policy });
    expect(shown.text).toContain('Kept by the organizer €2.50 You get back €22.50');
    expect(shown.text).toContain('May 1, 2031');
    expect(await refundsOf(world, order)).toEqual([]);

    const done = await sendForm(formOf(shown));
    expect(done.url).toBe(`${pageUrl(order)}?refund=requested`);
    expect(done.text).toContain('You have given tickets back.');
    expect(done.text).toMatch(/Given back (on its way to you|paid back to .*?) €22.50/);
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['refunded', 'valid']);
    expect(await givenBackAtStripe(world, order)).toBe(2_250);
    const after = await openPage(pageUrl(order));
    expect(after.text).toContain('paid back to where it came from €22.50');
    // The one that is left is the only one that can be ticked, and is.
    expect(formOf(after).fields).toMatchObject([{ value: second, isChecked: true }]);
  });

  test('a form that is sent twice, also at once, is one refund', async () => {
    const order = await buy(world, await sellWith({ allowed: true }));
    const form = formOf(await preview(order, order.ticketIds));
    const ends = await Promise.all([sendForm(form), sendForm(form), sendForm(form)]);
    ends.push(await sendForm(form));
    expect(new Set(ends.map(({ url }) => url))).toEqual(
      new Set([`${pageUrl(order)}?refund=requested`]),
    );
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect((await openPage(pageUrl(order))).forms).toEqual([]);
  });

  test('nobody waits for Stripe: it is asked afterwards', async () => {
    const order = await buy(world, await sellWith({ allowed: true }));
    const form = formOf(await preview(order, order.ticketIds));
    await setWeather(world, 'stripe', { error_rate: 1 });
    expect((await sendForm(form)).text).toContain('on its way to you €50.00');
    await setWeather(world, 'stripe', {});
    await refundsBecome(world, order, ['succeeded']);
  });
});

describe('what is refused is said in a sentence, and changes nothing', () => {
  test('nothing ticked; a ticket given back meanwhile; an amount that has changed', async () => {
    const event = await sellWith({ allowed: true });
    const order = await buy(world, event);
    const [first = ''] = order.ticketIds;
    expect((await preview(order, [])).text).toContain('Choose the tickets');

    const stale = formOf(await preview(order, [first]));
    await setPolicy(event, { allowed: true, kept_percent: 50 });
    const changed = await sendForm(stale);
    expect(changed.text).toContain('has changed since you looked');
    expect(await refundsOf(world, order)).toEqual([]);

    const form = formOf(await preview(order, [first]));
    expect((await sendForm(formOf(await preview(order, [first])))).status).toBe(200);
    expect((await sendForm(form)).text).toContain('Not all of these tickets are valid any more');
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(1_250);
  });

  test('a policy that has ended, a deadline that has passed, a bank that disputes', async () => {
    const event = await sellWith({ allowed: true });
    const order = await buy(world, event);
    const form = formOf(await preview(order, order.ticketIds));
    const soon = { starts_at: new Date(Date.now() + 3_600_000).toISOString() };
    const tonight = await sellWith({ allowed: true }, soon);
    const late = await buy(world, tonight);
    const lateForm = formOf(await preview(late, late.ticketIds));
    await setPolicy(tonight, { allowed: true, until_hours_before_start: 2 });
    expect((await sendForm(lateForm)).text).toContain('The time to give tickets back has passed.');
    expect((await openPage(pageUrl(late))).forms).toEqual([]);

    await dispute(world, order);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    expect((await sendForm(form)).text).toContain('Your bank disputes the payment');

    await setPolicy(event, { allowed: false });
    expect((await sendForm(form)).text).toContain('The organizer takes no tickets back');
    expect([...(await refundsOf(world, order)), ...(await refundsOf(world, late))]).toEqual([]);
  });

  test('an event that says nothing of it, and an unpaid order, have no form', async () => {
    const silent = await buy(world, await sellEvent(world));
    expect((await openPage(pageUrl(silent))).forms).toEqual([]);
    const unpaid = await placeOrder(world, await sellWith({ allowed: true }));
    expect((await openPage(pageUrl(unpaid))).forms).toEqual([]);
  });

  test('a forged address, another body, another type; an outcome in the address alone', async () => {
    const order = await buy(world, await sellWith({ allowed: true }));
    const [first = ''] = order.ticketIds;
    const url = `${pageUrl(order)}/refund`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const raw = `ticket=${first}&amount_cents=2500&key=${randomUUID()}`;
    const sent = async (address: string, body: string, headers = form) =>
      await http(address, { raw: body, headers });
    const forged = `${world.stack.urls.checkout}/orders/t/k1.order.1.mac/refund`;
    expect(await sent(forged, raw)).toMatchObject({ status: 401, body: { code: 'token.invalid' } });
    expect((await sent(url, `${raw}&price=1`)).body.code).toBe('request.unknown_field');
    expect((await sent(url, `ticket=${first}&amount_cents=2500`)).status).toBe(400);
    expect((await sent(url, raw.replace(first, '1'))).status).toBe(400);
    const json = { 'content-type': 'application/json' };
    expect((await sent(url, '{}', json)).status).toBe(415);
    expect((await sent(`${world.stack.urls.checkout}/v1/holds`, raw)).status).toBe(415);
    const other = await buy(world, await sellWith({ allowed: true }));
    const foreign = raw.replace(first, other.ticketIds[0] ?? '');
    expect((await sent(url, foreign)).headers.get('location')).toContain('ticket.not_found');

    // As many as one form may name, which is more than other bodies may weigh.
    const many = (count: number) => {
      const tickets = Array.from({ length: count }, () => `ticket=${randomUUID()}`);
      return [...tickets, raw.split('&').slice(1).join('&')].join('&');
    };
    expect((await sent(url, many(400))).headers.get('location')).toContain('ticket.not_found');
    expect((await sent(url, many(401))).status).toBe(400);
    expect((await sent(url, many(1_000))).status).toBe(413);

    const claimed = await openPage(`${pageUrl(order)}?refund=requested`);
    expect(claimed.text).not.toContain('You have given');
    const odd = await openPage(`${pageUrl(order)}?refund=<script>`);
    expect(odd.html).not.toContain('<script>');
    await ticketsBecome(world, order, ['valid', 'valid']);
    expect(await refundsOf(world, order)).toEqual([]);
  });
});
