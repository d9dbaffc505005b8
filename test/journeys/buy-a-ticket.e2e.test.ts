import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  buyer,
  count,
  http,
  orderBecomes,
  pay,
  placeHold,
  placeOrder,
  readOrder,
  resend,
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

test('a buyer goes from hold to tickets, codes, page and mail', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event, 2);
  const paid = await pay(world, placed.sessionId);
  expect(paid.body.outcome).toBe('paid');
  const order = await orderBecomes(world, placed, 'fulfilled');
  expect(order.tickets.map((ticket: { serial: string }) => ticket.serial)).toEqual([
    '000001',
    '000002',
  ]);
  const [ticket] = order.tickets;
  expect(ticket.qr).toMatch(/^LVX2[A-Z2-7]{165}$/);

  const { checkout } = world.stack.urls;
  const page = await http(`${checkout}/orders/t/${placed.orderToken}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('000001');
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  const svg = await http(`${checkout}/v1/tickets/t/${ticket.token}/qr.svg`);
  expect(svg.headers.get('content-type')).toContain('image/svg+xml');
  const png = await http(`${checkout}/v1/tickets/${ticket.id}/qr.png`, { token: ticket.token });
  expect(png.headers.get('content-type')).toContain('image/png');
  const data = await http(`${checkout}/v1/tickets/${ticket.id}`, { token: ticket.token });
  expect(data.body).toMatchObject({ serial: '000001', order: placed.orderId });

  const mail = await waitFor(
    async () => {
      const sent = (await readOrder(world, placed)).body.mails[0];
      return sent?.status === 'delivered' ? sent : undefined;
    },
    { what: 'the confirmation to be sent' },
  );
  const books = (await resend(world, 'books')).body.emails;
  const own = books.filter((entry: { id: string }) => entry.id === mail.provider_id);
  // Two codes, and both tickets to print.
  expect(own).toMatchObject([{ to: [buyer.email], attachments: 3 }]);
});

test('a link that is no good is a page to a browser, and a document to a program', async () => {
  const forged = `${world.stack.urls.checkout}/orders/t/k1.order.1.mac`;
  const [page, document] = [
    await fetch(forged, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }),
    await http(forged),
  ];
  expect([page.status, page.headers.get('content-type')]).toEqual([
    401,
    'text/html; charset=utf-8',
  ]);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('<h1>');
  expect(document).toMatchObject({ status: 401, body: { code: 'token.invalid' } });
});

test('asking again with the same key gives the same order and page', async () => {
  const event = await sellEvent(world);
  const hold = await placeHold(world, event);
  const request = { token: hold.body.token, key: randomUUID(), body: { buyer } };
  const url = `${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`;
  const first = await http(url, request);
  const again = await http(url, request);
  const sameContent = await http(url, { ...request, key: randomUUID() });
  expect(again.body).toEqual(first.body);
  expect(sameContent.body).toEqual(first.body);
  const other = { ...request, body: { buyer: { ...buyer, name: 'Grace' } } };
  expect((await http(url, other)).body.code).toBe('idempotency.key_reused');
});

test('another buyer for the same hold closes the old page first', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  const url = `${world.stack.urls.checkout}/v1/holds/${placed.holdId}/checkout`;
  const changed = await http(url, {
    token: placed.holdToken,
    key: randomUUID(),
    body: { buyer: { ...buyer, name: 'Grace Hopper' } },
  });
  expect(changed.status).toBe(201);
  expect(changed.body.order.id).toBe(placed.orderId);
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('not_open');
  const sessionId = new URL(changed.body.checkout_url).pathname.split('/').at(-1) ?? '';
  await pay(world, sessionId);
  await orderBecomes(world, placed, 'fulfilled');
});

test('a free order is confirmed at once, without Stripe', async () => {
  const event = await sellEvent(world, {
    tiers: [{ name: 'RSVP', price_cents: 0, capacity: 10 }],
  });
  const hold = await placeHold(world, event, 1);
  const checkout = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: randomUUID(),
    body: { buyer },
  });
  expect(checkout.body.checkout_url).toBeNull();
  const placed = {
    holdId: hold.body.id,
    holdToken: hold.body.token,
    orderId: checkout.body.order.id,
    orderToken: checkout.body.order.token,
    sessionId: '',
  };
  expect((await orderBecomes(world, placed, 'fulfilled')).tickets).toHaveLength(1);
});

test('a declined card leaves the order open, and the next card pays', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  const declined = await pay(world, placed.sessionId, { card: '4000000000009995' });
  expect(declined.body.outcome).toBe('declined');
  expect((await readOrder(world, placed)).body.status).toBe('pending');
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
});

test('seats given back while a page is open are free only after the page is closed', async () => {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2 }],
  });
  const placed = await placeOrder(world, event, 2);
  await http(`${world.stack.urls.checkout}/v1/holds/${placed.holdId}`, {
    method: 'DELETE',
    token: placed.holdToken,
  });
  await orderBecomes(world, placed, 'cancelled');
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('not_open');
  expect((await placeHold(world, event, 2)).status).toBe(201);
});

test('ops reads the whole story of an order and repairs it, any number of times', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  const { ops } = world.stack.urls;
  const token = world.stack.adminApiKey;
  for (let press = 0; press < 3; press += 1) {
    const repair = await http(`${ops}/admin/v1/orders/${placed.orderId}/ensure-tickets`, {
      token,
      body: {},
    });
    expect(repair.status).toBe(202);
  }
  const settled = async () =>
    (await count(world, 'from outbox where done_at is null and dead_at is null')) === 0;
  await waitFor(settled, { what: 'all messages to be done' });
  const story = await http(`${ops}/admin/v1/orders/${placed.orderId}`, { token });
  expect(story.body).toMatchObject({ status: 'fulfilled', payments: [{ disposition: 'tickets' }] });
  expect(story.body.tickets).toHaveLength(2);
  expect((await http(`${ops}/admin/v1/orders/${placed.orderId}`)).status).toBe(401);
});

test('Bull Board shows every queue to a key, and nothing without', async () => {
  const { ops } = world.stack.urls;
  expect((await http(`${ops}/queues`)).headers.get('location')).toBe('/login?to=%2Fqueues');
  expect((await http(`${ops}/queues/api/queues/ticketing/pause`, { method: 'PUT' })).status).toBe(
    401,
  );
  const { adminApiKey: token } = world.stack;
  expect((await http(`${ops}/queues`, { token })).status).toBe(200);
  const board = await http(`${ops}/queues/api/queues`, { token });
  const names = board.body.queues.map((queue: { name: string }) => queue.name);
  expect(names.toSorted()).toEqual(['audit', 'inventory', 'notifications', 'refunds', 'ticketing']);
  const pause = await http(`${ops}/queues/api/queues/ticketing/pause`, { method: 'PUT', token });
  expect(pause.status).toBeGreaterThanOrEqual(400);
});

test('the request to Stripe carries what was agreed, under a key of its own', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event, 3);
  const { requests } = (await stripe(world, 'requests')).body;
  const created = requests.filter(
    (request: { body?: { client_reference_id?: string } }) =>
      request.body?.client_reference_id === placed.orderId,
  );
  expect(created).toHaveLength(1);
  expect(created[0].idempotencyKey).toMatch(/^checkout\//);
  expect(created[0].body.line_items).toMatchObject([
    { quantity: '1', price_data: { unit_amount: '7500', product_data: { name: '3 × Floor' } } },
  ]);
});
