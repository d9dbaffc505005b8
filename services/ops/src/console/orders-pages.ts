import { mayDo } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import type { Order } from '@liventix/domain/orders';
import { type Found, searchOrders } from '@liventix/domain/orders/search-repository';
import { storyMax } from '@liventix/domain/orders/story';
import { readOrderStory } from '@liventix/domain/orders/story-repository';
import { formatSerial, type Ticket } from '@liventix/domain/tickets';
import { listOrderTickets } from '@liventix/domain/tickets/repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { formatMoney } from '@liventix/shared/money';
import { z } from 'zod';
import { renderActs } from '#console/order-acts';
import { page } from '#console/page';
import { type Moment, toTimeline } from '#console/timeline';
import { badge, call, moment, table } from '#console/words';
import type { Deps } from '#deps';
import { ownOrder } from '#orders/own-order';

const none: Found = { orders: [], isCut: false };

const searchQuery = z.object({ query: z.string().trim().max(254).default('') });

export function ordersPages(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/orders',
    action: 'read',
    query: searchQuery,
    render: async ({ credential: { organizationId }, query: { query } }) => {
      const found =
        query === '' ? none : await searchOrders(deps.db.pool, { organizationId, query });
      return { title: 'Orders', body: renderSearch(query, found) };
    },
  });
  page(app, deps, {
    url: '/console/orders/:id',
    action: 'read',
    render: async ({ credential, params }) => {
      const order = await ownOrder(deps, credential, params.id ?? '');
      const [tickets, story] = await Promise.all([
        listOrderTickets(deps.db.pool, order.id),
        readOrderStory(deps.db.pool, order.id),
      ]);
      const timeline = toTimeline(story);
      const isCut = Object.values(story).some((list) => list.length >= storyMax);
      const { TRACE_URL: traceUrl } = deps.config;
      const body = html`${renderHead(order, tickets)}
${renderTickets(tickets)}
${renderActs({ credential, order, tickets, story })}
<section><h2>What happened</h2>${isCut && html`<p class="quiet">Of each kind the latest ${storyMax} are shown.</p>`}<ol class="timeline">${timeline.map((one) => renderMoment(one, { credential, traceUrl }))}</ol></section>`;
      return { title: order.number, body };
    },
  });
}

/** What was looked for, and what was found. */
export function renderSearch(query: string, found: Found): Html {
  const rows = found.orders.map(
    (order) =>
      html`<tr><td><a href="/console/orders/${order.id}">${order.number}</a></td><td>${badge(order.status, toneOf(order.status))}</td><td class="number">${formatMoney(order.total_cents, order.currency, 'en')}</td><td>${moment(order.created_at)}</td></tr>`,
  );
  const nothing =
    query === ''
      ? 'Type an order number, a mail address, a name or how it begins, the serial of a ticket, or an id of Stripe.'
      : 'No order has this number, address, name, serial or id of Stripe.';
  return html`<h1>Orders</h1>
<form class="search"><label>Order number, mail address, name, ticket serial or Stripe id<input type="search" name="query" value="${query}" maxlength="254" autofocus></label><button>Find</button></form>
${found.isCut && html`<p class="quiet">Not all are shown, and of a name that very many have not always the newest. Its number, or another word of the name, finds an order.</p>`}
${table(['Order', 'Status', 'Total', 'Made'], rows, nothing)}`;
}

function renderHead(order: Order, tickets: readonly Ticket[]): Html {
  const items = order.items.map((item) => `${item.quantity} × ${item.tierName}`).join(', ');
  return html`<h1>Order ${order.number} ${badge(order.status, toneOf(order.status))}</h1>
<dl class="figures">
<div><dt>Buyer</dt><dd>${order.buyerName ?? '—'}<br><span class="quiet">${order.isErased ? 'forgotten' : (order.buyerEmail ?? 'no address')}</span></dd></div>
<div><dt>Total</dt><dd>${formatMoney(order.totalCents, order.currency, 'en')}</dd></div>
<div><dt>Items</dt><dd>${items}</dd></div>
<div><dt>Tickets</dt><dd>${tickets.length}</dd></div>
<div><dt>Made</dt><dd>${moment(order.createdAt)}</dd></div>
</dl>`;
}

function renderTickets(tickets: readonly Ticket[]): Html {
  const rows = tickets.map(
    (ticket) =>
      html`<tr><td>${formatSerial(ticket.serial)}</td><td>${ticket.tierName}</td><td>${badge(ticket.status, ticket.status === 'valid' ? 'good' : 'plain')}</td></tr>`,
  );
  return html`<section><h2>Tickets</h2>${table(['Serial', 'Tier', 'Status'], rows, 'There are no tickets yet.')}</section>`;
}

function renderMoment(
  one: Moment,
  { credential, traceUrl }: { credential: Credential; traceUrl: string | undefined },
): Html {
  const { replay, trace } = one;
  const link =
    trace !== undefined &&
    (traceUrl === undefined
      ? html`<code class="trace" title="trace">${trace}</code>`
      : html`<a class="trace" href="${traceUrl.replace('{trace}', trace)}">trace</a>`);
  const again =
    replay !== undefined &&
    mayDo(credential, 'orders.mend') &&
    call({ url: `/admin/v1/messages/${replay.messageId}/replay`, label: 'Replay' });
  return html`<li class="${one.tone}">${moment(one.at)}<span class="from">${one.from}</span><div><strong>${one.what}</strong>${one.more && html`<br><span class="quiet">${one.more}</span>`}${link}${again}</div></li>`;
}

function toneOf(status: string): 'plain' | 'good' | 'bad' {
  return status === 'fulfilled' ? 'good' : status === 'paid' ? 'bad' : 'plain';
}
