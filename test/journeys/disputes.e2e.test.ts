import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dispute, openAbout, ticketsBecome } from '#support/disputes';
import { booksBecome, buy, refund, refundsBecome } from '#support/refunds';
import {
  count,
  orderBecomes,
  pay,
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
  tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2, max_per_order: 2 }],
};

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

describe('a chargeback', () => {
  test('suspends the tickets, calls a person with the due date, and won brings them back', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    const { body } = await readOrder(world, order);
    expect(body.tickets.every(({ qr }: { qr: unknown }) => qr === null)).toBe(true);
    expect(await openAbout(world, 'dispute.opened', id)).toBe(1);
    const due = `from incidents where object_id = :id and details ->> 'dueBy' is not null`;
    expect(await count(world, due, { id })).toBe(1);
    await booksBecome(world, order, { disputed: 5_000, ticket_sales: -5_000 });
    await stripe(world, `disputes/${id}/win`, {});
    await ticketsBecome(world, order, ['valid', 'valid']);
    expect(await openAbout(world, 'dispute.opened', id)).toBe(0);
    await booksBecome(world, order, { stripe_balance: 5_000, ticket_sales: -5_000 });
  });

  test('lost: the tickets end, the seats are free, the loss is in the books', async () => {
    const event = await sellEvent(world, smallHall);
    const order = await buy(world, event);
    const id = await dispute(world, order);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    expect((await placeHold(world, event, 1)).status).toBe(409);
    await stripe(world, `disputes/${id}/lose`, {});
    await ticketsBecome(world, order, ['void', 'void']);
    expect((await placeHold(world, event, 2)).status).toBe(201);
    await booksBecome(world, order, { dispute_losses: 5_000, ticket_sales: -5_000 });
    expect(await openAbout(world, 'dispute.opened', id)).toBe(0);
  });

  test('while it is open, and when it is lost, nothing is refunded as well', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    const disputed = { status: 409, body: { code: 'order.disputed' } };
    expect(await refund(world, order, {})).toMatchObject(disputed);
    expect(await refund(world, order, { amount_cents: 100 })).toMatchObject(disputed);
    await stripe(world, `disputes/${id}/lose`, {});
    await ticketsBecome(world, order, ['void', 'void']);
    expect(await refund(world, order, { amount_cents: 100 })).toMatchObject(disputed);
  });

  test('won, and refunded afterwards', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await stripe(world, `disputes/${id}/win`, {});
    await ticketsBecome(world, order, ['valid', 'valid']);
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded']);
    await booksBecome(world, order, {});
  });

  test('of a part, lost: a person says which tickets end', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order, { amount: 2_500 });
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await stripe(world, `disputes/${id}/lose`, {});
    await waitFor(async () => (await openAbout(world, 'dispute.lost_in_part', id)) === 1, {
      what: 'a person to be asked',
    });
    await ticketsBecome(world, order, ['suspended', 'suspended']);
  });
});

describe('an inquiry', () => {
  test('only asks: the tickets stay good, and a whole refund ends it', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order, { inquiry: true });
    await waitFor(async () => (await openAbout(world, 'dispute.inquiry', id)) === 1, {
      what: 'a person to be asked',
    });
    await ticketsBecome(world, order, ['valid', 'valid']);
    await booksBecome(world, order, { stripe_balance: 5_000, ticket_sales: -5_000 });
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded']);
    await waitFor(async () => (await openAbout(world, 'dispute.inquiry', id)) === 0, {
      what: 'the inquiry to be over',
    });
    await booksBecome(world, order, {});
  });

  test('that becomes a chargeback suspends then', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order, { inquiry: true });
    await stripe(world, `disputes/${id}/escalate`, {});
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    expect(await openAbout(world, 'dispute.opened', id)).toBe(1);
  });
});

describe('a dispute that comes before we know of the payment', () => {
  test('the tickets are issued suspended', async () => {
    const order = await placeOrder(world, await sellEvent(world));
    await pay(world, order.sessionId, { card: '4000000000000259' });
    await orderBecomes(world, order, 'fulfilled');
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await booksBecome(world, order, { disputed: 5_000, ticket_sales: -5_000 });
  });

  test('every webhook lost: the list of events tells all the same', async () => {
    await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
    const order = await placeOrder(world, await sellEvent(world));
    await pay(world, order.sessionId, { card: '4000000000000259' });
    await orderBecomes(world, order, 'fulfilled');
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    await setWeather(world, 'stripe', {});
  });
});
