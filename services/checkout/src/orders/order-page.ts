import type { OrderView } from '@liventix/contracts/api/orders';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';
import { formatMoment, renderPage } from '#pages/page';
import {
  type GiveBack,
  pagePath,
  renderGiveBack,
  renderNotice,
  renderRefunds,
} from '#refunds/refund-page';

const headlines: Readonly<Record<OrderView['status'], string>> = {
  pending: 'Waiting for your payment',
  paid: 'Payment received, your tickets are being issued',
  fulfilled: 'Your tickets',
  expired: 'This order has expired',
  cancelled: 'This order was cancelled',
};

/** The order as a plain page. */
export function renderOrderPage(
  order: OrderView,
  options: {
    readonly locale: string;
    readonly isWaiting: boolean;
    readonly giveBack: GiveBack;
    /** The serial after which its tickets begin; undefined for the first of them. */
    readonly after?: string | undefined;
  },
): string {
  const { locale, giveBack } = options;
  const waits = order.status === 'paid' || (order.status === 'pending' && options.isWaiting);
  const { timezone } = order.event;
  return renderPage({
    locale,
    title: `${order.event.title} · ${order.number}`,
    head: waits ? '<meta http-equiv="refresh" content="2">' : '',
    body: `<h1>${escapeHtml(order.event.title)}</h1>
<p class="facts">${escapeHtml(formatMoment(order.event.starts_at, { locale, timezone }))}<br>${escapeHtml(order.event.venue)}</p>
${renderNotice(order, giveBack)}
<h2>${headlines[order.status]}</h2>
${renderLostMail(order, giveBack.token)}
${order.tickets.map((ticket) => renderTicket(ticket)).join('\n')}
${renderMore(order, giveBack.token)}
${renderFiles(order, giveBack.token, options.after)}
${renderLines(order, locale)}
${renderRefunds(order, locale)}
${renderGiveBack(order, { ...giveBack, locale })}
<p class="facts">Order ${escapeHtml(order.number)}</p>`,
  });
}

/** An order that was given away may have thousands. */
function renderMore(order: OrderView, token: string): string {
  return order.tickets_next === null
    ? ''
    : `<p><a href="${pagePath(token)}?after=${order.tickets_next}">The next tickets of this order</a></p>`;
}

/** What can be carried without this page. */
function renderFiles(order: OrderView, token: string, after?: string): string {
  const path = pagePath(token);
  const page = after === undefined ? '' : `?after=${after}`;
  return order.tickets.some(({ qr }) => qr !== null)
    ? `<p><a href="${path}/tickets.pdf${page}">Tickets to print (PDF)</a> · <a href="${path}/calendar.ics">Add to your calendar</a></p>`
    : '';
}

const lost = ['bounced', 'complained', 'failed', 'suppressed'];

/** A confirmation that did not arrive, or may not: the address can be corrected here, and the tickets follow. */
function renderLostMail(order: OrderView, token: string): string {
  const last = order.mails.findLast(({ kind }) => kind === 'order_confirmation');
  if (last === undefined || !(lost.includes(last.status) || last.overdue)) {
    return '';
  }
  const where = last.to === null ? '' : ` at ${escapeHtml(last.to)}`;
  const said = last.overdue
    ? `Our mail to you${where} has not arrived yet.`
    : `We could not reach you by mail${where}.`;
  return `<form method="post" action="/orders/t/${encodeURIComponent(token)}/address">
<p><strong>${said}</strong> Your tickets are good, and they are on this page.</p>
<label>Your address, corrected<br><input name="email" type="email" required maxlength="254" autocomplete="email"></label>
<button>Send the tickets there</button>
</form>`;
}

function renderTicket(ticket: OrderView['tickets'][number]): string {
  const holder = ticket.holder_name === null ? '' : `<br>${escapeHtml(ticket.holder_name)}`;
  const code =
    ticket.qr === null || ticket.token === null
      ? `<p>${escapeHtml(whyNoCode(ticket))}</p>`
      : `<img src="/v1/tickets/t/${encodeURIComponent(ticket.token)}/qr.svg" width="220" height="220" alt="Code of ticket ${escapeHtml(ticket.serial)}">`;
  return `<section class="ticket">
${code}
<p><strong>${escapeHtml(ticket.tier)}</strong> · No. ${escapeHtml(ticket.serial)}${holder}</p>
</section>`;
}

function whyNoCode(ticket: OrderView['tickets'][number]): string {
  return ticket.passed_on
    ? 'This ticket was passed on: somebody else has its code.'
    : `This ticket is ${ticket.status} and admits nobody.`;
}

function renderLines(order: OrderView, locale: string): string {
  const money = (cents: number) => escapeHtml(formatMoney(cents, order.currency, locale));
  const rows = order.items.map(
    (item) =>
      `<tr><td>${item.quantity} × ${escapeHtml(item.name)}</td><td>${money(item.quantity * item.unit_price_cents)}</td></tr>`,
  );
  const discount =
    order.discount_cents === 0
      ? ''
      : `<tr><td>Promo code ${escapeHtml(order.promo_code ?? '')}</td><td>${money(-order.discount_cents)}</td></tr>`;
  const total = money(order.total_cents);
  const credit =
    order.wallet_cents === 0
      ? ''
      : `<tr><td>Of it from your credit</td><td>${money(order.wallet_cents)}</td></tr>`;
  return `<table>
${rows.join('\n')}
${discount}
<tr><th scope="row">Total</th><th>${total}</th></tr>
${credit}
</table>`;
}
