import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addDevice, type Device, openEvent, outcomeOf } from '#support/door';
import { refund } from '#support/refunds';
import {
  answer,
  askToPass,
  buyHeld,
  mailedLink,
  offer,
  readTicket,
  recipient,
  withdraw,
} from '#support/transfers';
import {
  buyer,
  http,
  readOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;
let event: SoldEvent;
let gate: Device;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  event = await openEvent(world);
  gate = await addDevice(world, event);
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function policy(of: SoldEvent, body: Readonly<Record<string, unknown>>) {
  return await http(`${world.stack.urls.ops}/admin/v1/events/${of.id}/transfer-policy`, {
    method: 'PUT',
    token: world.stack.adminApiKey,
    body,
  });
}

describe('a ticket that is passed on', () => {
  test('is the recipient’s: new code, new link; those from before are dead', async () => {
    const { order, tickets } = await buyHeld(world, event);
    const [ticket, kept] = tickets;
    const offered = await offer(world, ticket);
    const accepted = await answer(world, offered, 'accept');
    const received = accepted.body.ticket;
    const { body } = await readTicket(world, received);
    expect(body).toMatchObject({ holder_name: 'Grace Hopper', status: 'valid' });
    expect(body.qr).not.toBe(ticket.code);
    expect((await readTicket(world, ticket)).body.code).toBe('ticket.not_found');
    expect(await outcomeOf(world, gate, ticket.code)).toBe('outdated');
    expect(await outcomeOf(world, gate, body.qr)).toBe('admitted');
    const shown = (await readOrder(world, order)).body.tickets;
    expect(shown.find(({ id }: { id: string }) => id === ticket.id)).toMatchObject({
      passed_on: true,
      qr: null,
      token: null,
      holder_name: null,
    });
    expect(shown.find(({ id }: { id: string }) => id === kept.id).qr).toBe(kept.code);
    const mailed = await mailedLink(world, offered.id, 'ticket_received');
    const page = await http(`${world.stack.urls.checkout}/tickets/t/${mailed}`);
    expect(page.text).toContain('Grace Hopper');
    const orderPage = await http(`${world.stack.urls.checkout}/orders/t/${order.orderToken}`);
    expect(orderPage.text).toContain('passed on');
    expect(orderPage.text).not.toContain('Grace');
  });

  test('is accepted by a form, without scripts', async () => {
    const { tickets } = await buyHeld(world, event);
    const offered = await offer(world, tickets[0]);
    const url = `${world.stack.urls.checkout}/transfers/t/${offered.token}`;
    expect((await http(url)).text).toContain('Accept the ticket');
    const taken = await http(`${url}/accept`, {
      raw: 'name=Grace+%3Cb%3EHopper%3C%2Fb%3E',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(taken.status).toBe(303);
    const page = await http(`${world.stack.urls.checkout}${taken.headers.get('location')}`);
    expect(page.text).toContain('Grace &lt;b&gt;Hopper');
    expect((await http(url)).text).toContain('was accepted');
  });

  test('is not the buyer’s to give back, nor to mail again', async () => {
    const own = await sellEvent(world);
    await http(`${world.stack.urls.ops}/admin/v1/events/${own.id}/refund-policy`, {
      method: 'PUT',
      token: world.stack.adminApiKey,
      body: { allowed: true },
    });
    const { order, tickets } = await buyHeld(world, own);
    await answer(world, await offer(world, tickets[0]), 'accept');
    const ask = async (body: unknown) =>
      await http(`${world.stack.urls.checkout}/v1/orders/${order.orderId}/refund-requests`, {
        token: order.orderToken,
        body,
      });
    expect((await ask({ tickets: [tickets[0].id] })).body.code).toBe('ticket.passed_on');
    expect((await ask({})).body.tickets).toMatchObject([{ id: tickets[1].id }]);
    const custody = await http(
      `${world.stack.urls.ops}/admin/v1/orders/${order.orderId}/transfers`,
      { token: world.stack.adminApiKey },
    );
    expect(custody.body.transfers).toMatchObject([
      { state: 'accepted', from_name: 'Ada Lovelace', to_name: 'Grace Hopper' },
    ]);
  });

  test('goes on from hand to hand, as often as the event allows', async () => {
    const own = await sellEvent(world);
    await policy(own, { allowed: true, max_per_ticket: 2 });
    let [held] = (await buyHeld(world, own)).tickets;
    for (let hand = 0; hand < 2; hand += 1) {
      const { id, token } = (await answer(world, await offer(world, held), 'accept')).body.ticket;
      held = { id, token, code: '' };
    }
    expect((await askToPass(world, held)).body.code).toBe('transfer.too_often');
  });
});

describe('an offer', () => {
  test('may be declined or taken back, and then the ticket is as it was', async () => {
    const { tickets } = await buyHeld(world, event);
    const [ticket] = tickets;
    const declined = await offer(world, ticket);
    expect((await askToPass(world, ticket)).body.code).toBe('transfer.already_offered');
    expect((await answer(world, declined, 'decline')).body.state).toBe('declined');
    const withdrawn = await offer(world, ticket);
    expect((await withdraw(world, ticket)).body.state).toBe('withdrawn');
    expect((await withdraw(world, ticket)).body.code).toBe('transfer.not_open');
    for (const offered of [declined, withdrawn]) {
      expect((await answer(world, offered, 'accept')).body.code).toBe('transfer.not_open');
    }
    expect(await outcomeOf(world, gate, ticket.code)).toBe('admitted');
    expect((await askToPass(world, ticket)).body.code).toBe('ticket.admitted');
  });

  test('is refused where it may not be, and nothing changes', async () => {
    const own = await sellEvent(world);
    const { order, tickets } = await buyHeld(world, own);
    const [one, two] = tickets;
    const code = async (ticket = one, to?: string) =>
      (await askToPass(world, ticket, to === undefined ? {} : { to })).body.code;
    expect(await code(one, buyer.email)).toBe('transfer.to_oneself');
    expect(await code(one, 'nonsense')).toBe('request.invalid');
    expect(await code({ ...one, token: two.token })).toBe('ticket.not_found');
    await policy(own, { allowed: false });
    expect(await code()).toBe('transfer.not_allowed');
    await policy(own, { allowed: true, until_hours_before_start: 8_760 });
    const soon = await openEvent(world);
    await policy(soon, { allowed: true, until_hours_before_start: 24 });
    const [late] = (await buyHeld(world, soon)).tickets;
    expect(await code(late)).toBe('transfer.too_late');
    await refund(world, order, { tickets: [one.id] });
    await policy(own, { allowed: true });
    expect(await code()).toBe('transfer.ticket_ended');
  });

  test.for([
    ['a script', '<script>alert(1)</script>', 200],
    ['emoji', '👩🏽‍🚀 Grace', 200],
    ['another direction', '\u202eecarG', 200],
    ['three hundred characters', 'x'.repeat(300), 400],
    ['control characters', 'Grace\u0000\u0007', 400],
    ['nothing', '   ', 400],
  ] as const)(
    'is accepted in a name of %s only where that can be written',
    async ([, name, status]) => {
      const { tickets } = await buyHeld(world, await sellEvent(world));
      const offered = await offer(world, tickets[0]);
      const accepted = await http(
        `${world.stack.urls.checkout}/v1/transfers/${offered.id}/accept`,
        { token: offered.token, body: { name } },
      );
      expect(accepted.status).toBe(status);
      if (status === 200) {
        const page = await http(
          `${world.stack.urls.checkout}/tickets/t/${accepted.body.ticket.token}`,
        );
        expect(page.text).not.toMatch(/<script|\u202e/);
      } else {
        expect(accepted.body.code).toBe('request.invalid');
        expect((await readTicket(world, tickets[0])).body.holder_name).toBe(buyer.name);
      }
    },
  );

  test('whose time is over is nobody’s to accept', async () => {
    const { tickets } = await buyHeld(world, event);
    const offered = await offer(world, tickets[0]);
    await world.db.pool.raw(`update transfers set expires_at = clock_timestamp() where id = :id`, {
      id: offered.id,
    });
    expect((await answer(world, offered, 'accept')).body.code).toBe('transfer.not_open');
    expect((await askToPass(world, tickets[0])).status).toBe(201);
  });
});

describe('races end one way', () => {
  test('two acceptances, an acceptance and a withdrawal', async () => {
    const { tickets } = await buyHeld(world, event);
    const twice = await offer(world, tickets[0]);
    const both = await Promise.all([1, 2].map(async () => await answer(world, twice, 'accept')));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const torn = await offer(world, tickets[1]);
    const [taken, back] = await Promise.all([
      answer(world, torn, 'accept'),
      withdraw(world, tickets[1]),
    ]);
    expect([taken.status === 200, back.status === 200].filter(Boolean)).toHaveLength(1);
  });

  test('an acceptance and a refund, an acceptance and a scan: never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { order, tickets } = await buyHeld(world, event);
      const [one, two] = tickets;
      const [first, second] = [await offer(world, one), await offer(world, two, recipient())];
      const [refunded, accepted] = await Promise.all([
        refund(world, order, { tickets: [one.id] }),
        answer(world, first, 'accept'),
      ]);
      const owner = await readTicket(world, accepted.body.ticket ?? one);
      expect(refunded.status).toBe(201);
      expect(owner.body.status).toBe('refunded');
      const [scanned, passed] = await Promise.all([
        outcomeOf(world, gate, two.code),
        answer(world, second, 'accept'),
      ]);
      expect([scanned === 'admitted', passed.status === 200].filter(Boolean)).toHaveLength(1);
    }
  });
});
