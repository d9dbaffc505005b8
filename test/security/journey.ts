import { inert } from '@liventix/shared/html';
import { waitFor } from '@liventix/shared/testing/wait';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { hold, makePromo } from '#support/codes';
import { isSent } from '#support/mails';
import { mailedLink, recipient } from '#support/transfers';
import { legible, openWatch, type Sight, showHtml, type Watch } from '#support/watch';
import {
  buyer,
  checkOut,
  http,
  orderBecomes,
  type Placed,
  pay,
  type SoldEvent,
  sellEvent,
  type World,
} from '#support/world';
import { linkLike } from './payloads.ts';

/** Everything about a sale that somebody names. */
export interface Names {
  readonly title: string;
  readonly venue: string;
  readonly tiers: readonly string[];
  readonly buyer: string;
  readonly holder: string;
  readonly promo: string;
}

/** A page or mail as a browser saw it. */
export interface Shown {
  readonly sight: Sight;
  /** Names that it does not say letter by letter, though it should. */
  readonly unsaid: readonly string[];
}

/** A mail as its receiver opens it. */
export interface OpenedMail {
  readonly html: string;
  /** In the inbox, which keeps scripts out. */
  readonly kept: Sight;
  /** Alone, on a page that keeps nothing out. */
  readonly bare: Sight;
}

interface Tour {
  readonly world: World;
  readonly watch: Watch;
  readonly names: Names;
  readonly album: Map<string, Shown>;
}

/** All addresses of the stack; a page that asks for another is found out. */
export function originsOf(world: World): string[] {
  return Object.values(world.stack.urls).map((url) => new URL(url).origin);
}

/**
 * Tickets are bought, one is passed on and the others are given back, by the forms in the browser;
 * then every mail that came of it is read. Returns what each page and mail looked like.
 */
export async function takeTour(
  scene: { readonly world: World; readonly browser: Browser },
  names: Names,
): Promise<ReadonlyMap<string, Shown>> {
  const { world, browser } = scene;
  await using watch = await openWatch(browser, originsOf(world));
  const tour: Tour = { world, watch, names, album: new Map() };
  const event = await sellNamed(world, names);
  const order = await buyNamed(tour, event);
  await passOn(tour, order);
  await giveBack(tour, order);
  await readMails(tour, order);
  return tour.album;
}

async function sellNamed(world: World, names: Names): Promise<SoldEvent> {
  const { title, venue } = names;
  const tiers = names.tiers.map((name) => ({ name, price_cents: 2_500, capacity: 10 }));
  const event = await sellEvent(world, { title, venue, tiers });
  await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/refund-policy`, {
    method: 'PUT',
    token: world.stack.adminApiKey,
    body: { allowed: true },
  });
  return event;
}

async function buyNamed(tour: Tour, event: SoldEvent): Promise<Placed> {
  const { world, names } = tour;
  const { checkout, stripe } = world.stack.urls;
  const quantities = names.tiers.map(() => 1);
  const promo = await makePromo(world, event, { discount: { percent: 10 } });
  const placed = await checkOut(world, await hold(world, event, { quantities }), {
    buyer: { ...buyer, name: names.buyer },
    promo_code: promo.code,
  });
  // No request can bring such a code about, and the table's check is out: what is left is escaping.
  await world.db.pool.raw('update promo_codes set code = :code where id = :id', {
    id: promo.id,
    code: names.promo,
  });
  await look(tour, 'payment page', {
    at: `${stripe}/c/pay/${placed.sessionId}`,
    says: names.tiers,
  });
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  await look(tour, 'event as JSON', { at: `${checkout}/v1/events/${event.slug}`, says: [] });
  await look(tour, 'order page', { at: orderUrl(tour, placed), says: ofOrder(names) });
  return placed;
}

function orderUrl({ world }: Tour, placed: Placed): string {
  return `${world.stack.urls.checkout}/orders/t/${placed.orderToken}`;
}

function ofEvent({ title, venue }: Names): string[] {
  return [title, venue];
}

function ofOrder(names: Names): string[] {
  return [...ofEvent(names), ...names.tiers, names.buyer, names.promo];
}

/** Offers the first ticket; who it is for opens the link of their mail and types their name. */
async function passOn(tour: Tour, order: Placed): Promise<void> {
  const { world, names } = tour;
  const { checkout } = world.stack.urls;
  const { body } = await http(`${checkout}/v1/orders/${order.orderId}`, {
    token: order.orderToken,
  });
  const [ticket] = body.tickets;
  const tier = names.tiers.filter((name) => name === ticket.tier);
  const offered = await http(`${checkout}/v1/tickets/${ticket.id}/transfers`, {
    token: ticket.token,
    key: ticket.id,
    body: { to: recipient() },
  });
  const token = await mailedLink(world, offered.body.id, 'transfer_offered');
  const says = [...ofEvent(names), ...tier];
  const at = `${checkout}/transfers/t/${token}`;
  await look(tour, 'offer page', { at, says: [...says, names.buyer] });
  await act(tour, 'ticket page', {
    says: [...says, names.holder],
    leadsTo: '**/tickets/t/*',
    how: async (page) => {
      await page.fill('input[name=name]', names.holder);
      await page.getByRole('button', { name: 'Accept the ticket' }).click();
    },
  });
  await look(tour, 'offer page, answered', { at, says });
}

/** Gives the other tickets back by the forms of the order's page. */
async function giveBack(tour: Tour, order: Placed): Promise<void> {
  const { names } = tour;
  const says = ofOrder(names);
  await look(tour, 'order page after passing on', { at: orderUrl(tour, order), says });
  await act(tour, 'refund preview', {
    says: [names.title],
    leadsTo: '**/refund/preview',
    how: async (page) => {
      for (const box of await page.getByRole('checkbox').all()) {
        await box.check();
      }
      await page.getByRole('button', { name: 'See what comes back' }).click();
    },
  });
  await act(tour, 'order page after giving back', {
    says,
    leadsTo: '**?refund=requested',
    how: async (page) => await page.getByRole('button', { name: /^Give these/ }).click(),
  });
  // What becomes of a wish is told by a word in the address, which anybody may write.
  const word = encodeURIComponent(names.title.slice(0, 60));
  const at = `${orderUrl(tour, order)}?refund=${word}`;
  await look(tour, 'order page with a word of somebody', { at, says });
}

async function look(
  tour: Tour,
  what: string,
  page: { readonly at: string; readonly says: readonly string[] },
): Promise<void> {
  remember(tour, what, {
    sight: await tour.watch.see(async (tab) => await tab.goto(page.at)),
    says: page.says,
  });
}

async function act(
  tour: Tour,
  what: string,
  step: {
    readonly how: (page: Page) => Promise<void>;
    readonly leadsTo: string;
    readonly says: readonly string[];
  },
): Promise<void> {
  const sight = await tour.watch.see(async (page) => {
    await step.how(page);
    await page.waitForURL(step.leadsTo);
  });
  remember(tour, what, { sight, says: step.says });
}

function remember(
  tour: Tour,
  what: string,
  seen: { readonly sight: Sight; readonly says: readonly string[] },
): void {
  const { text } = seen.sight;
  const unsaid = seen.says.filter(
    (name) => !text.includes(legible(name)) && !text.includes(legible(inert(name))),
  );
  tour.album.set(what, { sight: seen.sight, unsaid });
}

const sentMail = z.object({ kind: z.string(), status: z.string(), at: z.string().nullable() });

/** What each mail must say. Where people type their names, what looks like a link is left out. */
function mailsOf(names: Names): Readonly<Record<string, readonly string[]>> {
  const event = ofEvent(names);
  const typed = (name: string, otherwise: string) => (linkLike.test(name) ? otherwise : name);
  const greeting = typed(names.buyer, 'Hello,');
  return {
    order_confirmation: [...event, ...names.tiers, names.promo, greeting],
    refund_made: [...event, greeting],
    refund_requested: [...event, greeting],
    ticket_received: event,
    transfer_accepted: [...event, typed(names.holder, 'Somebody')],
    transfer_offered: [...event, typed(names.buyer, 'Somebody')],
  };
}

/** Every mail twice: in the inbox, and alone on a page that protects from nothing. */
async function readMails(tour: Tour, order: Placed): Promise<void> {
  const { world } = tour;
  const expected = mailsOf(tour.names);
  const mails = await waitFor(async () => await mailsAbout(world, order, Object.keys(expected)), {
    what: `mails about ${order.orderId}`,
    timeoutMs: 120_000,
  });
  for (const { kind, at } of mails) {
    const says = expected[kind] ?? [];
    const mail = await openMail(tour.watch, `${world.stack.urls.resend}/inbox/${at}`);
    remember(tour, `inbox: ${kind}`, { sight: mail.kept, says });
    remember(tour, `mail: ${kind}`, { sight: mail.bare, says });
  }
}

/** Opens a mail at its address in the inbox of the simulated Resend, and then its HTML alone. */
export async function openMail(watch: Watch, url: string): Promise<OpenedMail> {
  const kept = await watch.see(async (page) => await page.goto(url));
  let html = '';
  const bare = await watch.see(async (page) => {
    html = (await page.getAttribute('iframe', 'srcdoc')) ?? '';
    await showHtml(page, html);
  });
  return { html, kept, bare };
}

async function mailsAbout(world: World, order: Placed, kinds: readonly string[]) {
  const { rows } = await world.db.pool.raw(
    `select m.kind, m.status, m.provider_id as at
       from emails m
       left join transfers x on x.id = m.transfer_id
       left join tickets k on k.id = x.ticket_id
      where coalesce(m.order_id, k.order_id) = :orderId
      order by m.kind`,
    { orderId: order.orderId },
  );
  const mails = z.array(sentMail).parse(rows);
  const sent = mails.filter(({ status }) => isSent(status)).map(({ kind }) => kind);
  return JSON.stringify(sent) === JSON.stringify(kinds) ? mails : undefined;
}
