import { randomUUID } from 'node:crypto';
import { readPdf } from '@liventix/documents/testing/readers';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addDevice, openEvent, outcomeOf } from '#support/door';
import {
  type Answer,
  buyer,
  checkOut,
  count,
  http,
  orderBecomes,
  pay,
  placeHold,
  type SoldEvent,
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

async function give(
  event: SoldEvent,
  body: Readonly<Record<string, unknown>> = {},
  key: string = randomUUID(),
): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/complimentary-orders`, {
    token: world.stack.adminApiKey,
    key,
    body: { tier: event.tierIds[0], quantity: 2, buyer, reason: 'guests of the band', ...body },
  });
}

interface TicketRow {
  readonly holder: string;
  readonly status: string;
  readonly code: string;
}

async function issued(orderId: string, quantity: number): Promise<readonly TicketRow[]> {
  return await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select holder_name as holder, status from tickets where order_id = :orderId order by serial`,
        { orderId },
      );
      return rows.length === quantity ? rows : undefined;
    },
    { what: `${quantity} tickets of ${orderId}` },
  );
}

/** The page of an order, as the mail to the one who invites links to it. */
async function mailedPage(orderId: string): Promise<string> {
  const text = await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select body_text as text from emails where order_id = :orderId and status <> 'queued'`,
        { orderId },
      );
      return rows[0]?.text;
    },
    { what: 'the mail to the one who invites' },
  );
  const [page = ''] = /http\S+\/orders\/t\/\S+/.exec(text) ?? [];
  return page;
}

async function guestList(event: SoldEvent): Promise<string[]> {
  const { text } = await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/guests.csv`, {
    token: world.stack.adminApiKey,
  });
  return text.trim().split('\n');
}

const sale = (capacity: number) => ({
  tiers: [{ name: 'Floor', price_cents: 2_500, capacity, max_per_order: 10 }],
});

describe('tickets that are given away', () => {
  test('are issued at once in the names of the guests, mailed with a link, and let them in', async () => {
    const event = await openEvent(world, sale(10));
    const given = await give(event, { quantity: 3, holders: ['Grace Hopper', 'Annie Easley'] });
    expect(given.status).toBe(201);
    const tickets = await issued(given.body.id, 3);
    expect(tickets.map(({ holder }) => holder)).toEqual([
      'Grace Hopper',
      'Annie Easley',
      buyer.name,
    ]);
    const page = await mailedPage(given.body.id);
    expect((await http(page)).text).toContain('Grace Hopper');
    const token = page.split('/').at(-1) ?? '';
    const order = await http(`${world.stack.urls.checkout}/v1/orders/${given.body.id}`, { token });
    expect(order.body).toMatchObject({ total_cents: 0, status: 'fulfilled' });
    const gate = await addDevice(world, event);
    expect(await outcomeOf(world, gate, order.body.tickets[0].qr)).toBe('admitted');
    const [header, first, second] = await guestList(event);
    expect(header).toBe('serial,tier,holder,buyer,order,status,admitted_at');
    expect(first).toMatch(/^000001,Floor,Grace Hopper,Ada Lovelace,LV-\w+,valid,20\d\d-/);
    expect(second).toMatch(/^000002,Floor,Annie Easley,.*,valid,$/);
  });

  test('in their hundreds are shown and printed page by page', async () => {
    const event = await openEvent(world, sale(1_000));
    const given = await give(event, { quantity: 502 });
    await issued(given.body.id, 502);
    const page = await mailedPage(given.body.id);
    const url = `${world.stack.urls.checkout}/v1/orders/${given.body.id}`;
    const token = page.split('/').at(-1) ?? '';
    const first = (await http(url, { token })).body;
    expect([first.tickets.length, first.tickets_next]).toEqual([500, '000500']);
    const second = (await http(`${url}?after=${first.tickets_next}`, { token })).body;
    expect(second.tickets.map(({ serial }: { serial: string }) => serial)).toEqual([
      '000501',
      '000502',
    ]);
    expect(second.tickets_next).toBeNull();
    expect((await http(page)).text).toContain('?after=000500">The next tickets');
    const last = (await http(`${page}?after=000500`)).text;
    expect(last).toContain('No. 000502');
    expect(last).toContain('/tickets.pdf?after=000500');
    const printed = await fetch(`${page}/tickets.pdf?after=000500`);
    const pages = await readPdf(new Uint8Array(await printed.arrayBuffer()));
    expect(pages.flatMap(({ codes }) => codes)).toEqual(
      second.tickets.map(({ qr }: { qr: string }) => qr),
    );
    expect((await http(`${url}?after=x`, { token })).body.code).toBe('request.invalid');
  });

  test('take capacity like sold ones, and more than is left is refused', async () => {
    const event = await openEvent(world, sale(3));
    expect((await give(event, { quantity: 4 })).body).toMatchObject({
      code: 'inventory.sold_out',
      details: { left: [{ available: 3 }] },
    });
    expect((await give(event, { quantity: 3 })).status).toBe(201);
    expect((await placeHold(world, event, 1)).body.code).toBe('inventory.sold_out');
  });

  test('twenty who give the last ten away at once give exactly ten', async () => {
    const event = await openEvent(world, sale(10));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => await give(event, { quantity: 1 })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
    expect(statuses.filter((status) => status === 409)).toHaveLength(10);
  });

  test('are taken back like sold ones: no money moves, and the seats are free', async () => {
    const event = await openEvent(world, sale(2));
    const given = await give(event, { quantity: 2 });
    await issued(given.body.id, 2);
    const taken = await http(`${world.stack.urls.ops}/admin/v1/orders/${given.body.id}/refunds`, {
      token: world.stack.adminApiKey,
      key: randomUUID(),
      body: { reason: 'the band is ill' },
    });
    expect(taken.body).toMatchObject({ amount_cents: 0, status: 'succeeded' });
    expect((await issued(given.body.id, 2)).map(({ status }) => status)).toEqual([
      'refunded',
      'refunded',
    ]);
    expect((await placeHold(world, event, 2)).status).toBe(201);
  });

  test('the same key and body are one order; another body is refused', async () => {
    const event = await openEvent(world, sale(10));
    const key = randomUUID();
    const [first, again] = await Promise.all([give(event, {}, key), give(event, {}, key)]);
    expect(again.body.id).toBe(first.body.id);
    expect((await give(event, { quantity: 3 }, key)).body.code).toBe('idempotency.key_reused');
    const made = await count(world, 'from orders where event_id = :id', { id: event.id });
    expect(made).toBe(1);
  });

  test('two thousand with their names are one order, and a mail with a link', async () => {
    const event = await openEvent(world, sale(5_000));
    const holders = Array.from({ length: 2_000 }, (_, at) => `Guest ${at} Überall`);
    const given = await give(event, { quantity: 2_000, holders });
    const tickets = await issued(given.body.id, 2_000);
    expect(tickets.map(({ holder }) => holder)).toEqual(holders);
    expect(await guestList(event)).toHaveLength(2_001);
  });

  test.each([
    ['more names than tickets', { holders: ['a', 'b', 'c'] }, 'order.holders_do_not_fit'],
    ['none', { quantity: 0 }, 'request.invalid'],
    ['too many', { quantity: 10_001 }, 'request.invalid'],
    ['no reason', { reason: ' ' }, 'request.invalid'],
    ['a tier of nobody', { tier: randomUUID() }, 'tier.not_found'],
    ['a name with a line break', { holders: ['a\nb'] }, 'request.invalid'],
  ])('%s is refused, and changes nothing', async (_what, body, code) => {
    const event = await openEvent(world, sale(10));
    expect((await give(event, body)).body.code).toBe(code);
    expect(await count(world, 'from ticket_holds where event_id = :id', { id: event.id })).toBe(0);
  });

  test('nobody is invited to a cancelled event', async () => {
    const event = await openEvent(world, sale(10));
    await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
      token: world.stack.adminApiKey,
      body: {},
    });
    expect((await give(event)).body.code).toBe('event.state_conflict');
  });

  test('a guest list is text in every spreadsheet', async () => {
    const event = await openEvent(world, sale(10));
    const names = ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', 'a,"b"'];
    const given = await give(event, { quantity: 5, holders: names });
    await issued(given.body.id, 5);
    for (const line of (await guestList(event)).slice(1)) {
      expect(line).not.toMatch(/(^|,)"?[=+\-@]/);
    }
  });
});

describe('tickets in other names', () => {
  test('are named at checkout, and again by another checkout', async () => {
    const event = await openEvent(world, sale(10));
    const [tier] = event.tierIds;
    const hold = await placeHold(world, event, 2);
    await checkOut(world, hold, { holders: [{ tier, names: ['Nobody', 'Nobody'] }] });
    const placed = await checkOut(world, hold, { holders: [{ tier, names: ['Grace Hopper'] }] });
    await pay(world, placed.sessionId);
    const { tickets } = await orderBecomes(world, placed, 'fulfilled');
    const names = tickets.map(({ holder_name: name }: { holder_name: string }) => name);
    expect(names).toEqual(['Grace Hopper', buyer.name]);
  });

  test.each([
    ['more than there are tickets', ['a', 'b', 'c'], 1],
    ['one tier twice', ['a'], 2],
  ])('%s are refused, and the hold stays', async (_what, names, times) => {
    const event = await openEvent(world, sale(10));
    const hold = await placeHold(world, event, 2);
    const holders = Array.from({ length: times }, () => ({ tier: event.tierIds[0], names }));
    const refused = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
      token: hold.body.token,
      key: randomUUID(),
      body: { buyer, holders },
    });
    expect(refused.body.code).toBe('order.holders_do_not_fit');
    expect(await count(world, 'from orders where event_id = :id', { id: event.id })).toBe(0);
  });
});
