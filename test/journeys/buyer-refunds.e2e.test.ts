import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dispute, ticketsBecome } from '#support/disputes';
import {
  type Bought,
  booksBecome,
  buy,
  givenBackAtStripe,
  refundsBecome,
  refundsOf,
} from '#support/refunds';
import {
  type Answer,
  http,
  type Placed,
  placeHold,
  placeOrder,
  type SoldEvent,
  sellEvent,
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

async function sellWith(policy: Readonly<Record<string, unknown>>): Promise<SoldEvent> {
  const event = await sellEvent(world);
  const url = `${world.stack.urls.ops}/admin/v1/events/${event.id}/refund-policy`;
  const answer = await http(url, { method: 'PUT', token: world.stack.adminApiKey, body: policy });
  expect(answer.status).toBe(200);
  return event;
}

async function giveBack(
  order: Placed,
  { key = randomUUID(), ...body }: Readonly<Record<string, unknown>> & { readonly key?: string },
): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/orders/${order.orderId}/refund-requests`, {
    token: order.orderToken,
    key,
    body,
  });
}

const kept = { allowed: true, kept_percent: 10, kept_cents_per_ticket: 100 };

describe('giving tickets back by oneself', () => {
  test('looked at first, then done: what is kept is a fee, and the seat is free', async () => {
    const event = await sellWith(kept);
    const shown = await http(`${world.stack.urls.checkout}/v1/events/${event.slug}`);
    expect(shown.body.refund_policy).toMatchObject({ ...kept, until: '2031-05-01T18:00:00.000Z' });
    const order = await buy(world, event);
    const [first = ''] = order.ticketIds;
    const look = await giveBack(order, { tickets: [first] });
    expect(look).toMatchObject({
      status: 200,
      body: { committed: false, amount_cents: 2_150, kept_cents: 350, refund: null },
    });
    expect(await refundsOf(world, order)).toEqual([]);
    const done = await giveBack(order, { tickets: [first], commit: true });
    expect(done.body).toMatchObject({ committed: true, amount_cents: 2_150 });
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['refunded', 'valid']);
    expect(await givenBackAtStripe(world, order)).toBe(2_150);
    await booksBecome(world, order, {
      stripe_balance: 2_850,
      ticket_sales: -2_500,
      cancellation_fees: -350,
    });
  });

  test('without naming tickets: all that are good', async () => {
    const order = await buy(world, await sellWith({ allowed: true }));
    await giveBack(order, { commit: true });
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['refunded', 'refunded']);
    await booksBecome(world, order, {});
  });

  test('the same key is the same refund; ten presses at once are one', async () => {
    const order = await buy(world, await sellWith({ allowed: true }));
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => await giveBack(order, { commit: true, key })),
    );
    expect(new Set(answers.map(({ body }) => body.refund)).size).toBe(1);
    expect(await giveBack(order, { commit: true, key, tickets: order.ticketIds })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
  });

  test('all of the price may be kept: the seat is given back, and no money moves', async () => {
    const order = await buy(world, await sellWith({ allowed: true, kept_percent: 100 }));
    await giveBack(order, { commit: true });
    await refundsBecome(world, order, ['succeeded']);
    await booksBecome(world, order, { stripe_balance: 5_000, cancellation_fees: -5_000 });
    expect(await givenBackAtStripe(world, order)).toBe(0);
  });
});

describe('what is refused, and changes nothing', () => {
  async function refusedWith(
    order: Placed,
    body: Readonly<Record<string, unknown>>,
    expected: { readonly status: number; readonly code: string },
  ): Promise<void> {
    const { status, code } = expected;
    const answer = await giveBack(order, { commit: true, ...body });
    expect(answer).toMatchObject({ status, body: { code } });
  }

  test('an event that says nothing of it, and one whose time has passed', async () => {
    const silent = await buy(world, await sellEvent(world));
    await refusedWith(silent, {}, { status: 409, code: 'refund.not_allowed' });
    const late = await sellEvent(world, {
      starts_at: new Date(Date.now() + 3_600_000).toISOString(),
      ends_at: new Date(Date.now() + 7_200_000).toISOString(),
    });
    const order = await buy(world, late);
    const url = `${world.stack.urls.ops}/admin/v1/events/${late.id}/refund-policy`;
    const policy = { allowed: true, until_hours_before_start: 2 };
    await http(url, { method: 'PUT', token: world.stack.adminApiKey, body: policy });
    await refusedWith(order, {}, { status: 409, code: 'refund.too_late' });
    expect(await refundsOf(world, order)).toEqual([]);
  });

  test("somebody else's ticket, one that was given back, one of a disputed order, an unpaid order", async () => {
    const event = await sellWith({ allowed: true });
    const [order, other] = [await buy(world, event), await buy(world, event)];
    const foreign = { tickets: [other.ticketIds[0]] };
    await refusedWith(order, foreign, { status: 404, code: 'ticket.not_found' });
    const own = { tickets: [order.ticketIds[0]] };
    expect((await giveBack(order, { commit: true, ...own })).status).toBe(200);
    await refusedWith(order, own, { status: 409, code: 'ticket.already_refunded' });
    await dispute(world, other);
    await ticketsBecome(world, other, ['suspended', 'suspended']);
    const theirs = { tickets: other.ticketIds };
    await refusedWith(other, theirs, { status: 409, code: 'order.disputed' });
    const unpaid = await placeOrder(world, event);
    await refusedWith(
      unpaid,
      { tickets: other.ticketIds },
      { status: 409, code: 'order.not_paid' },
    );
    await refundsBecome(world, order, ['succeeded']);
  });

  test.for([
    ['no tickets', { tickets: [] }],
    ['401 tickets', { tickets: Array.from({ length: 401 }, () => randomUUID()) }],
    ['a ticket that is no id', { tickets: ['1'] }],
  ] as const)('%s', async ([, body]) => {
    const order = await buy(world, await sellWith({ allowed: true }));
    await refusedWith(order, body, { status: 400, code: 'request.invalid' });
    await ticketsBecome(world, order, ['valid', 'valid']);
  });

  test('without a key, and with the token of another order', async () => {
    const event = await sellWith({ allowed: true });
    const order: Bought = await buy(world, event);
    const url = `${world.stack.urls.checkout}/v1/orders/${order.orderId}/refund-requests`;
    const body = { commit: true };
    expect(await http(url, { token: order.orderToken, key: null, body })).toMatchObject({
      status: 400,
      body: { code: 'idempotency.key_missing' },
    });
    const other = await placeOrder(world, event);
    expect((await giveBack({ ...order, orderToken: other.orderToken }, body)).status).toBe(404);
    expect((await placeHold(world, event, 1)).status).toBe(201);
  });

  test.for([
    ['more than all of it', { allowed: true, kept_percent: 101 }],
    ['less than nothing', { allowed: true, kept_cents_per_ticket: -1 }],
    ['nothing said', {}],
  ] as const)('a policy that keeps %s', async ([, policy]) => {
    const event = await sellEvent(world);
    const url = `${world.stack.urls.ops}/admin/v1/events/${event.id}/refund-policy`;
    const answer = await http(url, { method: 'PUT', token: world.stack.adminApiKey, body: policy });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });
});
