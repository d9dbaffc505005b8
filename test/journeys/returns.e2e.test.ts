import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { booksOf, refundsBecome } from '#support/refunds';
import {
  answer,
  buyHeld,
  type HeldTicket,
  mailedLink,
  offer,
  readTicket,
} from '#support/transfers';
import {
  type Answer,
  http,
  placeHold,
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

/** Two seats, both sold, of an event that takes tickets back. */
async function soldOut(policy: Readonly<Record<string, unknown>> = {}) {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2 }],
  });
  await allow(event, policy);
  return { event, ...(await buyHeld(world, event)) };
}

async function allow(event: SoldEvent, policy: Readonly<Record<string, unknown>>): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/transfer-policy`, {
    method: 'PUT',
    token: world.stack.adminApiKey,
    body: { allowed: true, returns_allowed: true, ...policy },
  });
}

async function giveBack(
  ticket: Pick<HeldTicket, 'id' | 'token'>,
  key: string = randomUUID(),
): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/tickets/${ticket.id}/return`, {
    method: 'POST',
    token: ticket.token,
    key,
  });
}

async function passOn(ticket: HeldTicket): Promise<Pick<HeldTicket, 'id' | 'token'>> {
  const offered = await offer(world, ticket);
  await answer(world, offered, 'accept');
  return { id: ticket.id, token: await mailedLink(world, offered.id, 'ticket_received') };
}

test('who was given a ticket gives it back: its seat is on sale, and who paid has the money', async () => {
  const { event, order, tickets } = await soldOut();
  const held = await passOn(tickets[0]);
  expect((await placeHold(world, event, 1)).body.code).toBe('inventory.sold_out');
  const key = randomUUID();
  const returned = await giveBack(held, key);
  expect(returned.body).toEqual({ ticket: held.id, amount_cents: 2_500, currency: 'eur' });
  expect((await placeHold(world, event, 1)).status).toBe(201);
  expect((await readTicket(world, held)).body).toMatchObject({ status: 'refunded', qr: null });
  await refundsBecome(world, order, ['succeeded']);
  // The same key is the same return, another finds nothing to give back.
  expect((await giveBack(held, key)).body).toEqual(returned.body);
  expect((await giveBack(held)).body.code).toBe('ticket.already_refunded');
  expect(await booksOf(world, order)).toBeDefined();
});

test('the form of the ticket’s page does the same', async () => {
  const { tickets } = await soldOut();
  const path = `${world.stack.urls.checkout}/tickets/t/${tickets[0].token}`;
  const page = (await http(path)).text;
  const [, key = ''] = /name="key" value="([^"]+)"/.exec(page) ?? [];
  const send = async (fields: Record<string, string>) =>
    await http(`${path}/return`, {
      raw: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  expect((await send({ key })).status).toBe(400);
  expect((await send({ key, sure: 'yes' })).status).toBe(303);
  expect((await send({ key, sure: 'yes' })).status).toBe(303);
  const after = (await http(path)).text;
  expect(after).toContain('refunded and admits nobody');
  expect(after).not.toContain('Give this ticket back');
});

test('a token from before the ticket was passed on gives nothing back', async () => {
  const { tickets } = await soldOut();
  await passOn(tickets[0]);
  expect((await giveBack(tickets[0])).body.code).toBe('ticket.not_found');
});

test('given back and accepted at once, it ends one way', async () => {
  const { tickets } = await soldOut();
  const offered = await offer(world, tickets[0]);
  const [returned, accepted] = await Promise.all([
    giveBack(tickets[0]),
    answer(world, offered, 'accept'),
  ]);
  expect([returned.status, accepted.status].filter((status) => status === 200)).toHaveLength(1);
});

test('only where the event allows it, and as long as it does', async () => {
  const off = await soldOut({ returns_allowed: false });
  expect((await giveBack(off.tickets[0])).body.code).toBe('refund.not_allowed');
  const over = await soldOut({ until_hours_before_start: 8_760 });
  await world.db.pool.raw(
    `update events set starts_at = now() + interval '1 day', ends_at = now() + interval '2 days'
      where id = :id`,
    { id: over.event.id },
  );
  expect((await giveBack(over.tickets[0])).body.code).toBe('refund.too_late');
});

test('without a key, or with one that was something else’s, nothing happens', async () => {
  const { tickets } = await soldOut();
  const { token, id } = tickets[0];
  const bare = await http(`${world.stack.urls.checkout}/v1/tickets/${id}/return`, {
    method: 'POST',
    token,
  });
  expect(bare.body.code).toBe('idempotency.key_missing');
  const key = randomUUID();
  expect((await giveBack(tickets[0], key)).status).toBe(200);
  expect((await giveBack(tickets[1], key)).body.code).toBe('idempotency.key_reused');
});
