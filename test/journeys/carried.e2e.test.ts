import { readCodes, readPdf } from '@liventix/documents/testing/readers';
import { waitFor } from '@liventix/shared/testing/wait';
import ICAL from 'ical.js';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { addDevice, type Device, openEvent, outcomeOf } from '#support/door';
import { refund } from '#support/refunds';
import { answer, buyHeld, offer } from '#support/transfers';
import {
  http,
  readOrder,
  resend,
  type SoldEvent,
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

interface Download {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

async function download(path: string, token?: string): Promise<Download> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${world.stack.urls.checkout}${path}`, { headers });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes };
}

const textOf = ({ bytes }: Download) => new TextDecoder().decode(bytes);

test('an order to print has a page for each ticket, and the door takes what is read off it', async () => {
  const { order, tickets } = await buyHeld(world, event);
  const printed = await download(`/orders/t/${order.orderToken}/tickets.pdf`);
  expect(printed.headers.get('content-type')).toBe('application/pdf');
  expect(printed.headers.get('content-disposition')).toMatch(
    /^attachment; filename="tickets-[\w-]+\.pdf"$/,
  );
  const pages = await readPdf(printed.bytes);
  expect(pages.map(({ codes }) => codes)).toEqual(tickets.map(({ code }) => [code]));
  expect(await outcomeOf(world, gate, pages[0]?.codes[0] ?? '')).toBe('admitted');
  expect(await outcomeOf(world, gate, pages[0]?.codes[0] ?? '')).toBe('already_in');
  const byHeader = await download(`/v1/orders/${order.orderId}/tickets.pdf`, order.orderToken);
  expect(Buffer.from(byHeader.bytes).equals(printed.bytes)).toBe(true);
});

test('a ticket is carried as a picture, on paper and in the calendar', async () => {
  const { order, tickets } = await buyHeld(world, event);
  const [{ id, token, code }] = tickets;
  for (const path of [`/v1/tickets/${id}`, `/v1/tickets/t/${token}`]) {
    const bearer = path.includes('/t/') ? undefined : token;
    expect(await readCodes((await download(`${path}/qr.png`, bearer)).bytes)).toEqual([code]);
    expect(await readCodes((await download(`${path}/qr.svg`, bearer)).bytes)).toEqual([code]);
    const [page] = await readPdf((await download(`${path}/ticket.pdf`, bearer)).bytes);
    expect(page?.codes).toEqual([code]);
  }
  for (const path of [`/orders/t/${order.orderToken}`, `/v1/tickets/t/${token}`]) {
    const entry = await download(`${path}/calendar.ics`);
    expect(entry.headers.get('content-type')).toContain('text/calendar');
    const calendar = new ICAL.Component(ICAL.parse(textOf(entry)));
    const found = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined);
    expect(found.uid).toBe(`${event.id}@liventix`);
    expect((await http(String(found.component.getFirstPropertyValue('url')))).status).toBe(200);
  }
});

test('the mail brings the tickets to print', async () => {
  const { order, tickets } = await buyHeld(world, event);
  const { number } = (await readOrder(world, order)).body;
  const sent = await waitFor(
    async () => {
      const { emails } = (await resend(world, 'books')).body;
      return emails.find(({ subject }: { subject: string }) => subject.includes(number));
    },
    { what: 'the confirmation' },
  );
  const inbox = `${world.stack.urls.resend}/inbox/${sent.id}`;
  expect((await http(inbox)).text).toContain(`tickets-${number}.pdf`);
  // After two pictures comes the file.
  const attached = await fetch(`${inbox}/files/2`);
  const pages = await readPdf(new Uint8Array(await attached.arrayBuffer()));
  expect(pages.map(({ codes }) => codes)).toEqual(tickets.map(({ code }) => [code]));
});

test('after a transfer the old links are dead, and the order prints only what is left', async () => {
  const { order, tickets } = await buyHeld(world, event);
  const [passed, kept] = tickets;
  const before = await readPdf((await download(`/v1/tickets/t/${passed.token}/ticket.pdf`)).bytes);
  await answer(world, await offer(world, passed), 'accept');
  expect(await outcomeOf(world, gate, before[0]?.codes[0] ?? '')).toBe('outdated');
  for (const file of ['ticket.pdf', 'qr.svg', 'qr.png', 'calendar.ics']) {
    expect((await download(`/v1/tickets/t/${passed.token}/${file}`)).status).toBe(404);
  }
  const printed = await readPdf(
    (await download(`/orders/t/${order.orderToken}/tickets.pdf`)).bytes,
  );
  expect(printed.map(({ codes }) => codes)).toEqual([[kept.code]]);
});

test('an order whose tickets were given back has nothing to print, and says so', async () => {
  const { order } = await buyHeld(world, event);
  await refund(world, order, { reason: 'rained off' });
  const refused = await waitFor(
    async () => {
      const asked = await download(`/orders/t/${order.orderToken}/tickets.pdf`);
      return asked.status === 409 ? asked : undefined;
    },
    { what: 'the refund' },
  );
  expect(JSON.parse(textOf(refused)).code).toBe('order.no_tickets');
  expect(
    (await http(`${world.stack.urls.checkout}/orders/t/${order.orderToken}`)).text,
  ).not.toContain('tickets.pdf');
});
