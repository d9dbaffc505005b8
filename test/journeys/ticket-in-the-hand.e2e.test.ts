import { randomUUID } from 'node:crypto';
import { readPdf } from '@liventix/documents/testing/readers';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { addDevice, openEvent, scan } from '#support/door';
import { isSent, mailsOf } from '#support/mails';
import { answer, type HeldTicket, mailedLink, offer, readTicket } from '#support/transfers';
import {
  checkOut,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  readOrder,
  resend,
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

async function confirmationBecomes(placed: Placed, status: string): Promise<void> {
  await waitFor(async () => (await readOrder(world, placed)).body.mails.at(-1)?.status === status, {
    what: `the confirmation to be ${status}`,
  });
}

/** A request of a browser's form. */
async function send(url: string, fields: Readonly<Record<string, string>>) {
  return await http(url, {
    raw: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

/** Mails that Resend took for an address, each with its key. */
async function inbox(address: string): Promise<{ subject: string; idempotency_key: string }[]> {
  const { emails } = (await resend(world, 'books')).body;
  return emails.filter(({ to }: { to: string[] }) => to.includes(address));
}

/** The PDF that came with the newest mail to an address, page by page. */
async function attachedPages(address: string): Promise<readonly { readonly codes: string[] }[]> {
  const { emails } = (await resend(world, 'books')).body;
  const mail = emails.findLast(({ to }: { to: string[] }) => to.includes(address));
  const last = mail.attachments - 1;
  const file = await fetch(`${world.stack.urls.resend}/inbox/${mail.id}/files/${last}`);
  const pages = await readPdf(new Uint8Array(await file.arrayBuffer()));
  return pages.map(({ codes }) => ({ codes: [...codes] }));
}

test('two are bought and received, one is passed on, each opens the door once or not at all', async () => {
  const event = await openEvent(world);
  const north = await addDevice(world, event, { gate: 'North' });
  const south = await addDevice(world, event, { gate: 'South' });

  // Bought with an address that does not exist.
  const wrong = `bounced+${randomUUID()}@resend.dev`;
  const hold = await placeHold(world, event, 2);
  const placed = await checkOut(world, hold, { buyer: { name: 'Ada Lovelace', email: wrong } });
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  await confirmationBecomes(placed, 'bounced');
  const page = `${world.stack.urls.checkout}/orders/t/${placed.orderToken}`;
  expect((await http(page)).text).toContain('could not reach you by mail at b…@resend.dev');

  // Corrected on the page of the order: the tickets arrive, to print too.
  const right = `delivered+${randomUUID()}@resend.dev`;
  expect((await send(`${page}/address`, { email: right })).status).toBe(303);
  await confirmationBecomes(placed, 'delivered');
  expect((await http(page)).text).not.toContain('could not reach you');
  const { tickets } = (await readOrder(world, placed)).body;
  const [passed, kept]: HeldTicket[] = tickets.map(
    ({ id, token, qr }: { id: string; token: string; qr: string }) => ({ id, token, code: qr }),
  );
  if (passed === undefined || kept === undefined) {
    throw new Error('two tickets were bought');
  }
  expect((await attachedPages(right)).flatMap(({ codes }) => codes)).toEqual([
    passed.code,
    kept.code,
  ]);

  // One changes hands: its old code is dead, and the order shows it no more.
  const offered = await offer(world, passed);
  expect((await answer(world, offered, 'accept')).status).toBe(200);
  const token = await mailedLink(world, offered.id, 'ticket_received');
  const { qr } = (await readTicket(world, { id: passed.id, token })).body;
  expect(qr).not.toBe(passed.code);
  expect((await http(page)).text).toContain('passed on');
  expect((await scan(world, north, passed.code)).body.outcome).toBe('outdated');

  // The new code opens the door once, and the second gate hears when and where.
  const admitted = (await scan(world, north, qr)).body;
  expect(admitted).toMatchObject({ outcome: 'admitted', ticket: { holder_name: 'Grace Hopper' } });
  const again = (await scan(world, south, qr)).body;
  expect(again).toMatchObject({
    outcome: 'already_in',
    before: { gate: 'North', at: admitted.at },
  });

  // The other one is refunded, and refused.
  const refunded = await http(`${world.stack.urls.ops}/admin/v1/orders/${placed.orderId}/refunds`, {
    token: world.stack.adminApiKey,
    key: randomUUID(),
    body: { tickets: [kept.id], reason: 'One of the two is ill.' },
  });
  expect(refunded.status).toBe(201);
  expect((await scan(world, south, kept.code)).body).toMatchObject({ outcome: 'refunded' });

  // Every mail went out once.
  await waitFor(
    async () => {
      const mails = await mailsOf(world, placed);
      return (
        mails.length === 4 && mails.every(({ status }) => isSent(status) || status === 'bounced')
      );
    },
    { what: 'two confirmations and two mails on the refund' },
  );
  const taken = [...(await inbox(wrong)), ...(await inbox(right))];
  expect(new Set(taken.map((mail) => mail.idempotency_key)).size).toBe(taken.length);
  expect(await inbox(wrong)).toHaveLength(1);
});
