import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dispute, openAbout, ticketsBecome } from '#support/disputes';
import {
  booksBecome,
  buy,
  givenBackAtStripe,
  intentOf,
  refund,
  refundsBecome,
} from '#support/refunds';
import {
  type Answer,
  count,
  http,
  pay,
  placeHold,
  placeOrder,
  sellEvent,
  startWorld,
  stripe,
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

async function ops(path: string, body?: unknown): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/${path}`, {
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
  });
}

describe('a refund that somebody made at Stripe', () => {
  test('is allotted to tickets, once: they end, and the books say so', async () => {
    const event = await sellEvent(world);
    const order = await buy(world, event);
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order), amount: 2_500 });
    const [external] = await refundsBecome(world, order, ['succeeded']);
    const tickets = order.ticketIds.slice(0, 1);
    const presses = await Promise.all(
      [1, 2, 3].map(async () => await ops(`refunds/${external.id}/allot`, { tickets })),
    );
    expect(presses.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    await ticketsBecome(world, order, ['refunded', 'valid']);
    await booksBecome(world, order, { stripe_balance: 2_500, ticket_sales: -2_500 });
  });

  test('may be of no ticket, and is not of a ticket of somebody else', async () => {
    const event = await sellEvent(world);
    const [order, other] = [await buy(world, event), await buy(world, event)];
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order), amount: 700 });
    const [external] = await refundsBecome(world, order, ['succeeded']);
    const foreign = await ops(`refunds/${external.id}/allot`, { tickets: other.ticketIds });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'ticket.not_found' } });
    expect((await ops(`refunds/${external.id}/allot`, { tickets: [] })).status).toBe(200);
    await ticketsBecome(world, order, ['valid', 'valid']);
    await booksBecome(world, order, { stripe_balance: 4_300, goodwill: 700, ticket_sales: -5_000 });
  });

  test('two that make all of the money close both questions', async () => {
    const order = await buy(world, await sellEvent(world));
    const intent = await intentOf(world, order);
    await stripe(world, 'refunds', { payment_intent: intent, amount: 2_000 });
    await refundsBecome(world, order, ['succeeded']);
    await stripe(world, 'refunds', { payment_intent: intent, amount: 3_000 });
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    await ticketsBecome(world, order, ['refunded', 'refunded']);
    const open = `from incidents where resolved_at is null and details ->> 'orderId' = :id`;
    expect(await count(world, open, { id: order.orderId })).toBe(0);
    await booksBecome(world, order, {});
  });
});

describe('a debt that cannot be paid', () => {
  test('is written off once, and is not asked for afterwards', async () => {
    const order = await buy(world, await sellEvent(world));
    await refund(world, order, {});
    const [made] = await refundsBecome(world, order, ['succeeded']);
    const early = await ops(`refunds/${made.id}/write-off`, { reason: 'too early' });
    expect(early).toMatchObject({ status: 409, body: { code: 'refund.not_open' } });
    await stripe(world, `refunds/${made.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed']);
    const reason = { reason: 'Nobody answers.' };
    expect((await ops(`refunds/${made.id}/write-off`, reason)).status).toBe(200);
    expect((await ops(`refunds/${made.id}/write-off`, reason)).status).toBe(409);
    expect(await ops(`refunds/${made.id}/retry`, {})).toMatchObject({
      status: 409,
      body: { code: 'refund.not_failed' },
    });
    await booksBecome(world, order, { stripe_balance: 5_000, write_offs: -5_000 });
  });
});

describe('money in review', () => {
  test('goes back whole, once', async () => {
    const order = await placeOrder(world, await sellEvent(world));
    await pay(world, order.sessionId, { tamper: { amount_total: 4_000 } });
    const found = `from payments where order_id = :id and disposition = 'review'`;
    await waitFor(async () => (await count(world, found, { id: order.orderId })) === 1, {
      what: 'the payment to be in review',
    });
    const { rows } = await world.db.pool.raw(
      'select id, amount_cents from payments where order_id = :id',
      { id: order.orderId },
    );
    const presses = await Promise.all(
      [1, 2].map(async () => await ops(`payments/${rows[0].id}/refund`, { reason: 'not ours' })),
    );
    expect(presses.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(rows[0].amount_cents);
    await booksBecome(world, order, {});
  });
});

describe('disputes', () => {
  test('are listed with what can be said to the bank', async () => {
    const order = await buy(world, await sellEvent(world));
    const id = await dispute(world, order);
    await ticketsBecome(world, order, ['suspended', 'suspended']);
    const { body } = await ops('disputes');
    expect(body.disputes[0]).toMatchObject({ id, order: order.orderId, phase: 'open' });
    const shown = await ops(`disputes/${id}`);
    expect(shown.body.evidence).toMatchObject({
      customer_name: 'Ada Lovelace',
      product_description: expect.stringContaining('2 × Floor'),
      tickets: [{ status: 'suspended' }, { status: 'suspended' }],
    });
    expect(await ops('disputes/du_nobody')).toMatchObject({
      status: 404,
      body: { code: 'dispute.not_found' },
    });
  });

  test('a part that was lost ends the tickets a person names, and the others are good', async () => {
    const event = await sellEvent(world, {
      tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2, max_per_order: 2 }],
    });
    const order = await buy(world, event);
    const id = await dispute(world, order, { amount: 2_500 });
    await stripe(world, `disputes/${id}/lose`, {});
    await waitFor(async () => (await openAbout(world, 'dispute.lost_in_part', id)) === 1, {
      what: 'a person to be asked',
    });
    const tickets = order.ticketIds.slice(0, 1);
    expect((await ops(`disputes/${id}/allot`, { tickets: [randomUUID()] })).status).toBe(404);
    expect((await ops(`disputes/${id}/allot`, { tickets })).status).toBe(200);
    expect(await ops(`disputes/${id}/allot`, { tickets })).toMatchObject({
      status: 409,
      body: { code: 'dispute.not_open' },
    });
    await ticketsBecome(world, order, ['valid', 'void']);
    expect((await placeHold(world, event, 1)).status).toBe(201);
  });
});
