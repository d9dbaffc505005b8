import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { payUnheard } from '#support/refunds';
import {
  type Answer,
  buyer,
  count,
  http,
  orderBecomes,
  type Placed,
  pay,
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
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    // Money that Stripe sends no webhook about is heard of when its page is closed, and no sooner.
    overrides: { RECONCILE_INTERVAL_MS: '3600000' },
  });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function hold(event: SoldEvent, quantities: readonly number[]): Promise<Answer> {
  const items = quantities.flatMap((quantity, index) =>
    quantity > 0 ? [{ tier: event.tierIds[index], quantity }] : [],
  );
  return await http(`${world.stack.urls.checkout}/v1/holds`, {
    key: randomUUID(),
    body: { event: event.slug, items },
  });
}

async function checkOut(held: Answer, key = randomUUID(), by = buyer): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/holds/${held.body.id}/checkout`, {
    token: held.body.token,
    key,
    body: { buyer: by },
  });
}

function placedBy(held: Answer, checkout: Answer): Placed {
  const { order, checkout_url: url } = checkout.body;
  const sessionId = url === null ? '' : (new URL(url).pathname.split('/').at(-1) ?? '');
  return {
    holdId: held.body.id,
    holdToken: held.body.token,
    orderId: order.id,
    orderToken: order.token,
    sessionId,
  };
}

async function buy(event: SoldEvent, quantities: readonly number[]): Promise<Answer['body']> {
  const held = await hold(event, quantities);
  const placed = placedBy(held, await checkOut(held));
  if (placed.sessionId !== '') {
    await pay(world, placed.sessionId);
  }
  return await orderBecomes(world, placed, 'fulfilled');
}

async function admin(method: 'POST' | 'PUT' | 'GET', path: string, body?: unknown) {
  return await http(`${world.stack.urls.ops}/admin/v1${path}`, {
    method,
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
  });
}

test('a free and a paid tier in one basket: one payment, tickets of both', async () => {
  const event = await sellEvent(world, {
    tiers: [
      { name: 'Member', price_cents: 0, capacity: 10 },
      { name: 'Guest', price_cents: 1_500, capacity: 10 },
    ],
  });
  const order = await buy(event, [1, 2]);
  expect(order.total_cents).toBe(3_000);
  expect(order.tickets.map((ticket: { tier: string }) => ticket.tier).sort()).toEqual([
    'Guest',
    'Guest',
    'Member',
  ]);
});

test('tiers that share two rooms sell no more than the smaller has left', async () => {
  const event = await sellEvent(world, {
    tiers: [
      { name: 'Seat', price_cents: 0, capacity: 10 },
      { name: 'Standing', price_cents: 0, capacity: 10 },
      { name: 'Box', price_cents: 0, capacity: 10 },
    ],
    pools: [
      { name: 'House', capacity: 6, tiers: ['Seat', 'Standing', 'Box'] },
      { name: 'Stalls', capacity: 4, tiers: ['Seat', 'Standing'] },
    ],
  });
  await buy(event, [2, 1, 1]);
  const refused = await hold(event, [1, 1, 0]);
  expect(refused.body).toMatchObject({ status: 409, code: 'inventory.sold_out' });
  await buy(event, [0, 1, 1]);
  const sale = await admin('GET', `/events/${event.id}`);
  expect(sale.body.pools).toMatchObject([
    { name: 'House', issued: 6, reserved: 0 },
    { name: 'Stalls', issued: 4, reserved: 0 },
  ]);
  expect((await hold(event, [0, 0, 1])).status).toBe(409);
});

describe('currencies', () => {
  test.each([
    ['jpy', 3_000, 6_000],
    ['kwd', 5_250, 10_500],
  ])('%s is paid in its own minor units', async (currency, price, total) => {
    const event = await sellEvent(world, {
      currency,
      tiers: [{ name: 'Floor', price_cents: price, capacity: 10 }],
    });
    const order = await buy(event, [2]);
    expect(order).toMatchObject({ currency, total_cents: total });
    expect(
      await count(
        world,
        'from payments where order_id = :id and amount_cents = :total and currency = :currency',
        { id: order.id, total: String(total), currency },
      ),
    ).toBe(1);
  });

  test('a price in fils that cards cannot pay is refused when the event is made', async () => {
    await expect(
      sellEvent(world, {
        currency: 'kwd',
        tiers: [{ name: 'Floor', price_cents: 5_255, capacity: 10 }],
      }),
    ).rejects.toThrow('event.price_not_chargeable');
  });
});

test('a second hold by the same person is a second order', async () => {
  const event = await sellEvent(world);
  const [first, second] = [await buy(event, [1]), await buy(event, [1])];
  expect(first.id).not.toBe(second.id);
  expect(first.tickets[0].serial).not.toBe(second.tickets[0].serial);
});

test('a checkout that is paid cannot be changed, and is answered as paid', async () => {
  const event = await sellEvent(world);
  const held = await hold(event, [1]);
  const placed = placedBy(held, await checkOut(held));
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  const again = await checkOut(held, randomUUID(), { ...buyer, name: 'Somebody Else' });
  expect(again.status).toBe(409);
  expect(['order.already_paid', 'hold.converted']).toContain(again.body.code);
});

describe('changes during a sale', () => {
  test('a closed tier takes no new holds, and those that exist can be paid', async () => {
    const event = await sellEvent(world);
    const placed = await placeOrder(world, event);
    const [tier] = event.tierIds;
    await admin('POST', `/tiers/${tier}/close`);
    expect((await placeHold(world, event)).body.code).toBe('tier.sales_closed');
    await pay(world, placed.sessionId);
    await orderBecomes(world, placed, 'fulfilled');
    await admin('POST', `/tiers/${tier}/reopen`);
    expect((await placeHold(world, event)).status).toBe(201);
  });

  test('a closed event takes no new holds, and can be opened again', async () => {
    const event = await sellEvent(world);
    await admin('POST', `/events/${event.id}/close`);
    expect((await placeHold(world, event)).body.code).toBe('event.not_on_sale');
    await admin('POST', `/events/${event.id}/publish`);
    expect((await placeHold(world, event)).status).toBe(201);
  });

  test('money for an event that was cancelled meanwhile is owed back', async () => {
    const event = await sellEvent(world);
    const placed = await placeOrder(world, event);
    await payUnheard(world, placed.sessionId, async () => {
      const cancelled = await admin('POST', `/events/${event.id}/cancel`);
      expect(cancelled.body.status).toBe('cancelled');
    });
    await waitFor(
      async () =>
        (await count(
          world,
          `from refunds r join payments p on p.id = r.payment_id where p.order_id = :orderId`,
          { orderId: placed.orderId },
        )) === 1,
      { what: 'the money to be owed back' },
    );
    const reopened = await admin('POST', `/events/${event.id}/publish`);
    expect(reopened.body.code).toBe('event.state_conflict');
  });

  test('a capacity follows, but never below what is held and sold', async () => {
    const event = await sellEvent(world, {
      tiers: [{ name: 'Floor', price_cents: 0, capacity: 5 }],
    });
    const [tier] = event.tierIds;
    await buy(event, [2]);
    await hold(event, [1]);
    const below = await admin('PUT', `/tiers/${tier}/capacity`, { capacity: 2 });
    expect(below.body).toMatchObject({ code: 'inventory.below_taken', details: { taken: 3 } });
    expect((await admin('PUT', `/tiers/${tier}/capacity`, { capacity: 3 })).status).toBe(200);
    expect((await hold(event, [1])).status).toBe(409);
    await admin('PUT', `/tiers/${tier}/capacity`, { capacity: 4 });
    expect((await hold(event, [1])).status).toBe(201);
  });
});
