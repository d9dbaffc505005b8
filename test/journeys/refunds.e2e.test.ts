import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { admin } from '#support/codes';
import { dispute, openAbout } from '#support/disputes';
import {
  booksOf,
  buy,
  givenBackAtStripe,
  intentOf,
  payUnheard,
  refund,
  refundsBecome,
  refundsOf,
} from '#support/refunds';
import {
  count,
  http,
  orderBecomes,
  placeHold,
  placeOrder,
  readOrder,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;

const smallHall = {
  tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 4, max_per_order: 4 }],
};

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function ticketStates(order: Parameters<typeof readOrder>[1]): Promise<string[]> {
  const { body } = await readOrder(world, order);
  return body.tickets.map(({ status }: { status: string }) => status);
}

describe('refunds that we begin', () => {
  test('a whole order: tickets die at once, seats are free, and the money is back', async () => {
    const event = await sellEvent(world, smallHall);
    const order = await buy(world, event, 4);
    expect((await placeHold(world, event, 1)).status).toBe(409);
    const asked = await refund(world, order, {});
    expect(asked).toMatchObject({ status: 201, body: { kind: 'whole', amount_cents: 10_000 } });
    expect(await ticketStates(order)).toEqual(Array(4).fill('refunded'));
    const { body } = await readOrder(world, order);
    expect(body.tickets.every(({ qr }: { qr: unknown }) => qr === null)).toBe(true);
    expect((await placeHold(world, event, 4)).status).toBe(201);
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(10_000);
    expect(await booksOf(world, order)).toEqual({});
  });

  test('one ticket of three costs its share, is refunded once, and the rest later', async () => {
    const event = await sellEvent(world);
    const order = await buy(world, event, 3);
    const [first = ''] = order.ticketIds;
    await refund(world, order, { tickets: [first] });
    await refundsBecome(world, order, ['succeeded']);
    expect((await ticketStates(order)).toSorted()).toEqual(['refunded', 'valid', 'valid']);
    expect(await givenBackAtStripe(world, order)).toBe(2_500);
    const again = await refund(world, order, { tickets: [first] });
    expect(again).toMatchObject({ status: 409, body: { code: 'ticket.already_refunded' } });
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(7_500);
  });

  test('goodwill leaves the tickets alone, and tickets cannot be paid back from it', async () => {
    const order = await buy(world, await sellEvent(world));
    await refund(world, order, { amount_cents: 3_000 });
    await refundsBecome(world, order, ['succeeded']);
    expect(await ticketStates(order)).toEqual(['valid', 'valid']);
    const more = await refund(world, order, { tickets: order.ticketIds });
    expect(more).toMatchObject({
      status: 409,
      body: { code: 'refund.more_than_left', details: { left_cents: 2_000 } },
    });
    await refund(world, order, {});
    const refunds = await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(refunds.map(({ amount_cents: cents }) => cents)).toEqual([3_000, 2_000]);
    expect(await refund(world, order, {})).toMatchObject({
      status: 409,
      body: { code: 'refund.nothing_left' },
    });
  });

  test('two people who press at once make one refund', async () => {
    const order = await buy(world, await sellEvent(world));
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => await refund(world, order, {})),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
  });

  test('the same key is the same refund, and with another body it is refused', async () => {
    const order = await buy(world, await sellEvent(world));
    const key = randomUUID();
    const first = await refund(world, order, { amount_cents: 100, key });
    const second = await refund(world, order, { amount_cents: 100, key });
    expect(second.body.id).toBe(first.body.id);
    expect(await refund(world, order, { amount_cents: 200, key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
    expect(await refundsOf(world, order)).toHaveLength(1);
  });

  test.each([
    ['zero', { amount_cents: 0 }, 400, 'request.invalid'],
    ['less than nothing', { amount_cents: -5 }, 400, 'request.invalid'],
    ['more than eight digits', { amount_cents: 100_000_000 }, 400, 'request.invalid'],
    ['past int64', { amount_cents: 9.3e18 }, 400, 'request.invalid'],
    ['more than was paid', { amount_cents: 5_001 }, 409, 'refund.more_than_left'],
    ['a ticket of nobody', { tickets: [randomUUID()] }, 404, 'ticket.not_found'],
    ['tickets and an amount', { tickets: [randomUUID()], amount_cents: 1 }, 400, 'request.invalid'],
    ['another currency', { amount_cents: 1, currency: 'usd' }, 400, 'request.unknown_field'],
  ])('%s is refused and changes nothing', async (...[, body, status, code]) => {
    const order = await buy(world, await sellEvent(world));
    expect(await refund(world, order, body)).toMatchObject({ status, body: { code } });
    expect(await refundsOf(world, order)).toEqual([]);
    expect(await ticketStates(order)).toEqual(['valid', 'valid']);
  });

  test('an order that was never paid has nothing to give back', async () => {
    const order = await placeOrder(world, await sellEvent(world));
    expect(await refund(world, order, {})).toMatchObject({
      status: 409,
      body: { code: 'order.not_paid' },
    });
  });

  test('a free order gives its seats back, and no money moves', async () => {
    const event = await sellEvent(world, {
      tiers: [{ name: 'Free', price_cents: 0, capacity: 2, max_per_order: 2 }],
    });
    const order = await buyFree(event);
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded']);
    expect((await placeHold(world, event, 2)).status).toBe(201);
  });
});

async function buyFree(event: Awaited<ReturnType<typeof sellEvent>>) {
  const hold = await placeHold(world, event, 2);
  const { body } = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: randomUUID(),
    body: { buyer: { name: 'Ada', email: 'delivered@resend.dev' } },
  });
  const placed = {
    holdId: hold.body.id,
    holdToken: hold.body.token,
    orderId: body.order.id,
    orderToken: body.order.token,
    sessionId: '',
  };
  await orderBecomes(world, placed, 'fulfilled');
  return placed;
}

describe('money that became no tickets', () => {
  test('money for an event that was cancelled meanwhile goes back by itself, and its incident is closed', async () => {
    const event = await sellEvent(world, smallHall);
    const order = await placeOrder(world, event);
    await payUnheard(world, order.sessionId, async () => {
      await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
        token: world.stack.adminApiKey,
        body: {},
      });
    });
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    const open = `from incidents where resolved_at is null and details ->> 'orderId' = :id`;
    await waitFor(async () => (await count(world, open, { id: order.orderId })) === 0, {
      what: 'the incident to be closed',
    });
  });
});

describe('refunds made at Stripe', () => {
  test('of all of it: all tickets are refunded', async () => {
    const order = await buy(world, await sellEvent(world));
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order) });
    const [made] = await refundsBecome(world, order, ['succeeded']);
    expect(made).toMatchObject({ kind: 'external', amount_cents: 5_000 });
    expect(await ticketStates(order)).toEqual(['refunded', 'refunded']);
  });

  test('of a part: recorded, and a person says which tickets', async () => {
    const order = await buy(world, await sellEvent(world));
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order), amount: 2_500 });
    await refundsBecome(world, order, ['succeeded']);
    expect(await ticketStates(order)).toEqual(['valid', 'valid']);
    expect(await booksOf(world, order)).toEqual({
      stripe_balance: 2_500,
      goodwill: 2_500,
      ticket_sales: -5_000,
    });
    const flagged = `from incidents where kind = 'refund.external_partial' and details ->> 'orderId' = :id`;
    expect(await count(world, flagged, { id: order.orderId })).toBe(1);
  });

  test('at the same time as ours: ours shrinks to what is left', async () => {
    const order = await buy(world, await sellEvent(world));
    await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order), amount: 3_000 });
    await refund(world, order, {});
    const refunds = await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(refunds.map(({ kind, amount_cents: cents }) => [kind, cents]).toSorted()).toEqual([
      ['external', 3_000],
      ['whole', 2_000],
    ]);
    expect(await booksOf(world, order)).toEqual({});
    await setWeather(world, 'stripe', {});
  });
});

describe('refunds that take their time', () => {
  test('what failed is owed apart: refunding the rest does not pay it as well', async () => {
    const order = await buy(world, await sellEvent(world));
    await refund(world, order, { tickets: order.ticketIds.slice(0, 1) });
    const [first] = await refundsBecome(world, order, ['succeeded']);
    await stripe(world, `refunds/${first.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed']);
    const tooMuch = await refund(world, order, { amount_cents: 2_501 });
    expect(tooMuch).toMatchObject({ status: 409, body: { code: 'refund.more_than_left' } });
    expect((await refund(world, order, {})).body).toMatchObject({ amount_cents: 2_500 });
    await refundsBecome(world, order, ['failed', 'succeeded']);
    await http(`${world.stack.urls.ops}/admin/v1/refunds/${first.id}/retry`, {
      token: world.stack.adminApiKey,
      body: {},
    });
    await refundsBecome(world, order, ['failed', 'succeeded', 'succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect(await booksOf(world, order)).toEqual({});
  });

  test('what failed since the bank took it back is paid in no other way as well', async () => {
    const order = await buy(world, await sellEvent(world));
    await stripe(world, 'refund_plans', { becomes: 'pending' });
    await refund(world, order, {});
    await refundsBecome(world, order, ['submitted']);
    const id = await dispute(world, order);
    const [failed] = await refundsBecome(world, order, ['failed']);
    await waitFor(async () => (await openAbout(world, 'dispute.opened', id)) === 1, {
      what: 'the dispute to be known',
    });
    for (const to of ['origin', 'wallet']) {
      const retried = await admin(world, `POST /refunds/${failed.id}/retry?to=${to}`, {});
      expect(retried).toMatchObject({ status: 409, body: { code: 'order.disputed' } });
    }
    await stripe(world, `disputes/${id}/win`, {});
    await waitFor(
      async () => (await admin(world, `POST /refunds/${failed.id}/retry`, {})).status === 201,
      { what: 'the money to be given back once it is ours again' },
    );
    await refundsBecome(world, order, ['failed', 'succeeded']);
  });

  test('pending, then succeeded', async () => {
    const order = await buy(world, await sellEvent(world));
    await stripe(world, 'refund_plans', { becomes: 'pending' });
    await refund(world, order, {});
    const [pending] = await refundsBecome(world, order, ['submitted']);
    await stripe(world, `refunds/${pending.stripe_refund_id}/succeed`, {});
    await refundsBecome(world, order, ['succeeded']);
  });

  test('succeeded, then failed: the money is owed again, and is asked for once more', async () => {
    const order = await buy(world, await sellEvent(world));
    await refund(world, order, {});
    const [made] = await refundsBecome(world, order, ['succeeded']);
    await stripe(world, `refunds/${made.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed']);
    const owedAgain = { stripe_balance: 5_000, owed_to_buyers: -5_000 };
    expect(await booksOf(world, order)).toEqual(owedAgain);
    expect(await ticketStates(order)).toEqual(['refunded', 'refunded']);
    const owed = `from incidents where kind = 'refund.failed' and resolved_at is null and object_id = :id`;
    expect(await count(world, owed, { id: made.id })).toBe(1);
    const url = `${world.stack.urls.ops}/admin/v1/refunds/${made.id}/retry`;
    const retries = await Promise.all(
      [1, 2, 3].map(async () => await http(url, { token: world.stack.adminApiKey, body: {} })),
    );
    expect(retries.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    await refundsBecome(world, order, ['failed', 'succeeded']);
    expect(await count(world, owed, { id: made.id })).toBe(0);
    expect(await booksOf(world, order)).toEqual({});
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
  });
});
