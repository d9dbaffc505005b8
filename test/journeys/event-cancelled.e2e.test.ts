import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dispute, ticketsBecome } from '#support/disputes';
import {
  type Bought,
  booksBecome,
  buy,
  givenBackAtStripe,
  refund,
  refundsOf,
} from '#support/refunds';
import {
  type Answer,
  checkOut,
  count,
  http,
  orderBecomes,
  pay,
  placeHold,
  placeOrder,
  readOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { REFUNDS_PER_SECOND: '0' },
  });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function cancel(event: SoldEvent): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
    token: world.stack.adminApiKey,
    body: {},
  });
}

async function progressOf(event: SoldEvent): Promise<Answer['body']> {
  const { body } = await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/refunds`, {
    token: world.stack.adminApiKey,
  });
  return body;
}

async function allBack(event: SoldEvent, orders: number): Promise<Answer['body']> {
  return await waitFor(
    async () => {
      const progress = await progressOf(event);
      return progress.succeeded === orders && progress.done ? progress : undefined;
    },
    { what: `all refunds of ${event.slug} to be made` },
  );
}

async function buyMany(event: SoldEvent, orders: number): Promise<Bought[]> {
  return await Promise.all(Array.from({ length: orders }, async () => await buy(world, event)));
}

describe('a cancelled event', () => {
  test('closes what is held and every open page, and nobody can pay any more', async () => {
    const event = await sellEvent(world);
    const placed = await placeOrder(world, event);
    await placeHold(world, event, 3);
    await cancel(event);
    await orderBecomes(world, placed, 'cancelled');
    const held = 'from ticket_tiers where event_id = :id and reserved_quantity > 0';
    await waitFor(async () => (await count(world, held, { id: event.id })) === 0, {
      what: 'all seats to be free',
    });
    const { body: page } = await http(
      `${world.stack.urls.stripe}/v1/checkout/sessions/${placed.sessionId}`,
      { token: world.stack.stripeSecretKey },
    );
    expect(page.status).toBe('expired');
  });

  test('gives back what codes took off, and their uses', async () => {
    const event = await sellEvent(world);
    const promo = await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/promo-codes`, {
      token: world.stack.adminApiKey,
      body: { code: 'TENTH', discount: { percent: 10 }, max_redemptions: 5 },
    });
    const order = await checkOut(world, await placeHold(world, event), { promo_code: 'TENTH' });
    await pay(world, order.sessionId);
    await orderBecomes(world, order, 'fulfilled');
    const used = 'from promo_codes where id = :id and used = 1';
    expect(await count(world, used, { id: promo.body.id })).toBe(1);
    await cancel(event);
    const progress = await allBack(event, 1);
    expect(progress).toMatchObject({ refunded_cents: 4_500, in_review: 0 });
    expect(await givenBackAtStripe(world, order)).toBe(4_500);
    expect(await count(world, used, { id: promo.body.id })).toBe(0);
    await booksBecome(world, order, {});
  });

  test('gives every order back what is left of its money, once, and tells how far it is', async () => {
    const event = await sellEvent(world);
    const orders = await buyMany(event, 6);
    const [whole, , goodwill, onePart] = orders as [Bought, Bought, Bought, Bought];
    await refund(world, whole, {});
    await refund(world, goodwill, { amount_cents: 1_000 });
    await refund(world, onePart, { tickets: onePart.ticketIds.slice(0, 1) });
    const answers = await Promise.all([cancel(event), cancel(event), cancel(event)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const progress = await allBack(event, 5);
    expect(progress).toMatchObject({ orders: 5, left_orders: 0, amount_cents: 21_500 });
    expect(progress.refunded_cents).toBe(progress.amount_cents);
    for (const order of orders) {
      // Those that were asked for before the event was cancelled are none of its progress.
      await waitFor(
        async () => (await refundsOf(world, order)).every(({ status }) => status === 'succeeded'),
        { what: `all refunds of ${order.orderId} to be made` },
      );
      expect(await givenBackAtStripe(world, order)).toBe(5_000);
      await ticketsBecome(world, order, ['refunded', 'refunded']);
      await booksBecome(world, order, {});
    }
    const seats = 'from ticket_tiers where event_id = :id and issued_quantity > 0';
    expect(await count(world, seats, { id: event.id })).toBe(0);
  });

  test('tells each buyer in one mail, and in another that the money is back', async () => {
    const event = await sellEvent(world);
    const [order] = await buyMany(event, 1);
    await cancel(event);
    await allBack(event, 1);
    const mails = `from emails where order_id = :id and kind in ('event_cancelled', 'refund_made')`;
    await waitFor(async () => (await count(world, mails, { id: order?.orderId ?? '' })) === 2, {
      what: 'both mails to be owed',
    });
    const twice = `from emails where order_id = :id and kind = 'refund_requested'`;
    expect(await count(world, twice, { id: order?.orderId ?? '' })).toBe(0);
  });

  test('leaves money alone that a bank disputes, until that is won', async () => {
    const event = await sellEvent(world);
    const [order, disputed] = (await buyMany(event, 2)) as [Bought, Bought];
    const disputeId = await dispute(world, disputed);
    await ticketsBecome(world, disputed, ['suspended', 'suspended']);
    await cancel(event);
    await waitFor(async () => (await progressOf(event)).succeeded === 1, {
      what: 'the other order to be refunded',
    });
    expect(await progressOf(event)).toMatchObject({ orders: 1, left_orders: 1, done: false });
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect(await givenBackAtStripe(world, disputed)).toBe(0);
    await stripe(world, `disputes/${disputeId}/win`, {});
    await allBack(event, 2);
    expect(await givenBackAtStripe(world, disputed)).toBe(5_000);
  });

  test('free tickets end as well, and no money moves', async () => {
    const event = await sellEvent(world, {
      tiers: [{ name: 'Free', price_cents: 0, capacity: 5, max_per_order: 5 }],
    });
    const hold = await http(`${world.stack.urls.checkout}/v1/holds`, {
      key: crypto.randomUUID(),
      body: { event: event.slug, items: [{ tier: event.tierIds[0], quantity: 2 }] },
    });
    const { body } = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
      token: hold.body.token,
      key: crypto.randomUUID(),
      body: { buyer: { name: 'Ada', email: 'delivered@resend.dev' } },
    });
    const order = { orderId: body.order.id, orderToken: body.order.token } as Bought;
    await waitFor(async () => (await readOrder(world, order)).body.status === 'fulfilled', {
      what: 'the free order to be fulfilled',
    });
    await cancel(event);
    await ticketsBecome(world, order, ['refunded', 'refunded']);
    expect(await allBack(event, 1)).toMatchObject({ amount_cents: 0 });
  });

  test('an event that is not cancelled has no refunds, and a foreign one does not exist', async () => {
    expect(await progressOf(await sellEvent(world))).toMatchObject({ orders: 0, done: true });
    const foreign = await http(
      `${world.stack.urls.ops}/admin/v1/events/${crypto.randomUUID()}/refunds`,
      { token: world.stack.adminApiKey },
    );
    expect(foreign).toMatchObject({ status: 404, body: { code: 'event.not_found' } });
  });
});
