import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { type Bought, buy } from './refunds.ts';
import { type Answer, http, readOrder, type SoldEvent, type World } from './world.ts';

/** A ticket as its holder has it: what opens it, and its code. */
export interface HeldTicket {
  readonly id: string;
  readonly token: string;
  readonly code: string;
}

export interface Offered {
  readonly id: string;
  readonly token: string;
}

/** Two tickets that were bought, as their buyer holds them. */
export async function buyHeld(
  world: World,
  event: SoldEvent,
): Promise<{ readonly order: Bought; readonly tickets: readonly [HeldTicket, HeldTicket] }> {
  const order = await buy(world, event);
  const { tickets } = (await readOrder(world, order)).body;
  const held = tickets.map(({ id, token, qr }: { id: string; token: string; qr: string }) => ({
    id,
    token,
    code: qr,
  }));
  return { order, tickets: held };
}

/** Asks to pass a ticket on to this address. */
export async function askToPass(
  world: World,
  ticket: Pick<HeldTicket, 'id' | 'token'>,
  { to = recipient(), key = randomUUID() } = {},
): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/tickets/${ticket.id}/transfers`, {
    token: ticket.token,
    key,
    body: { to },
  });
}

export function recipient(): string {
  return `grace-${randomUUID()}@liventix.test`;
}

/** Offers a ticket; the offer's token is read from the mail that brought it. */
export async function offer(world: World, ticket: HeldTicket, to?: string): Promise<Offered> {
  const { status, body, text } = await askToPass(world, ticket, to === undefined ? {} : { to });
  if (status !== 201) {
    throw new Error(`no offer: ${text}`);
  }
  return { id: body.id, token: await mailedLink(world, body.id, 'transfer_offered') };
}

/** The token in the link of a mail about a transfer, once it is sent. */
export async function mailedLink(world: World, transferId: string, kind: string): Promise<string> {
  const text = await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select body_text as text from emails
          where transfer_id = :transferId and kind = :kind and status in ('sent', 'delivered')`,
        { transferId, kind },
      );
      return rows[0]?.text;
    },
    { what: `mail ${kind} of ${transferId}` },
  );
  const [, token = ''] = /\/t\/(\S+)/.exec(text) ?? [];
  return token;
}

export async function answer(
  world: World,
  offered: Offered,
  how: 'accept' | 'decline',
): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/transfers/${offered.id}/${how}`, {
    token: offered.token,
    body: how === 'accept' ? { name: 'Grace Hopper' } : {},
  });
}

export async function withdraw(world: World, ticket: HeldTicket): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/tickets/${ticket.id}/transfers`, {
    method: 'DELETE',
    token: ticket.token,
  });
}

/** The ticket as its token shows it. */
export async function readTicket(
  world: World,
  ticket: Pick<HeldTicket, 'id' | 'token'>,
): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/tickets/${ticket.id}`, {
    token: ticket.token,
  });
}
