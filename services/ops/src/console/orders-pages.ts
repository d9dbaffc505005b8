import { randomUUID } from 'node:crypto';
import { mayDo } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import type { Order } from '@liventix/domain/orders';
import { searchOrders } from '@liventix/domain/orders/search-repository';
import type { OrderStory } from '@liventix/domain/orders/story';
import { readOrderStory } from '@liventix/domain/orders/story-repository';
import { formatSerial, type Ticket } from '@liventix/domain/tickets';
import { listOrderTickets } from '@liventix/domain/tickets/repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { formatMoney } from '@liventix/shared/money';
import { z } from 'zod';
import { readTrails } from '#console/job-trails';
import { page } from '#console/page';
import { type Moment, toTimeline } from '#console/timeline';
import { badge, call, moment, table } from '#console/words';
import type { Deps } from '#deps';
import { ownOrder } from '#orders/own-order';

const searchQuery = z.object({ query: z.string().trim().max(254).default('') });

export function ordersPages(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/orders',
    action: 'read',
    query: searchQuery,
    render: async ({ credential: { organizationId }, query: { query } }) => {
      const found = query === '' ? [] : await searchOrders(deps.db.pool, { organizationId, query });
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
      const trails = await readTrails(deps, story);
      const timeline = toTimeline(story, trails);
      const { TRACE_URL: traceUrl } = deps.config;
      const body = html`${renderHead(order, tickets)}
${renderTickets(tickets)}
${renderActs({ credential, order, tickets, story })}
<section><h2>What happened</h2><ol class="timeline">${timeline.map((one) => renderMoment(one, { credential, traceUrl }))}</ol></section>`;
      return { title: order.number, body };
    },
  });
}

function renderSearch(query: string, found: Awaited<ReturnType<typeof searchOrders>>): Html {
  const rows = found.map(
    (order) =>
      html`<tr><td><a href="/console/orders/${order.id}">${order.number}</a></td><td>${badge(order.status, toneOf(order.status))}</td><td class="number">${formatMoney(order.total_cents, order.currency, 'en')}</td><td>${moment(order.created_at)}</td></tr>`,
  );
  const nothing =
    query === ''
      ? 'Type an order number, a mail address, the beginning of a name, the serial of a ticket, or an id of Stripe.'
      : 'No order has this number, address, name, serial or id of Stripe.';
  return html`<h1>Orders</h1>
<form class="search"><label>Order number, mail address, name, ticket serial or Stripe id<input type="search" name="query" value="${query}" maxlength="254" autofocus></label><button>Find</button></form>
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

/** The buttons. Each goes to the admin API, which refuses what is not so any more. */
function renderActs(of: {
  readonly credential: Credential;
  readonly order: Order;
  readonly tickets: readonly Ticket[];
  readonly story: OrderStory;
}): Html {
  const { credential, order, tickets } = of;
  const base = `/admin/v1/orders/${order.id}`;
  const mend = html`<section class="acts"><h2>Mend</h2>
${call({ url: `${base}/ensure-tickets`, label: 'Ensure tickets' })}
${!order.isErased && call({ url: `${base}/resend-confirmation`, label: 'Mail the tickets again' })}
${
  !order.isErased &&
  call({
    url: `${base}/correct-address`,
    label: 'Fix the address',
    fields: html`<label>Mail address<input type="email" name="email" value="${order.buyerEmail ?? ''}" required maxlength="254"></label>`,
  })
}
</section>`;
  const isMender = mayDo(credential, 'orders.mend');
  const isRefunder = mayDo(credential, 'orders.refund') && order.status === 'fulfilled';
  return html`${isMender && mend}${isRefunder && renderRefund(base, order, tickets)}`;
}

function renderRefund(base: string, order: Order, tickets: readonly Ticket[]): Html {
  const boxes = tickets
    .filter(({ status }) => status === 'valid')
    .map(
      (ticket) =>
        html`<label class="check"><input type="checkbox" name="tickets[]" value="${ticket.id}"> ${formatSerial(ticket.serial)} ${ticket.tierName}</label>`,
    );
  const why = html`<label>Why<input name="reason" required maxlength="100"></label>`;
  return html`<details class="acts"><summary>Refund</summary>
${call({
  url: `${base}/refunds`,
  label: 'Refund all that is left',
  fields: why,
  key: randomUUID(),
  confirm: `Refund all that is left of order ${order.number}? Its tickets admit nobody from then on.`,
})}
${
  boxes.length > 0 &&
  call({
    url: `${base}/refunds`,
    label: 'Refund these tickets',
    fields: html`<fieldset><legend>Tickets</legend>${boxes}</fieldset>${why}`,
    key: randomUUID(),
    confirm: 'Refund these tickets? They admit nobody from then on.',
  })
}
${call({
  url: `${base}/refunds`,
  label: 'Give money back, tickets stay',
  fields: html`<label>Amount in the smallest unit of ${order.currency}<input type="number" name="amount_cents" min="1" max="99999999" required></label>${why}`,
  key: randomUUID(),
  confirm: 'Give this money back?',
})}
</details>`;
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
