import type { OrderView } from '@liventix/contracts/api/orders';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';
import { formatMoment, renderPage } from '#orders/page';
import { type GiveBack, renderGiveBack, renderNotice, renderRefunds } from '#refunds/refund-page';

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
  options: { readonly locale: string; readonly isWaiting: boolean; readonly giveBack: GiveBack },
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
${order.tickets.map((ticket) => renderTicket(ticket)).join('\n')}
${renderLines(order, locale)}
${renderRefunds(order, locale)}
${renderGiveBack(order, { ...giveBack, locale })}
<p class="facts">Order ${escapeHtml(order.number)}</p>`,
  });
}

function renderTicket(ticket: OrderView['tickets'][number]): string {
  const path = `/v1/tickets/t/${encodeURIComponent(ticket.token)}`;
  const holder = ticket.holder_name === null ? '' : `<br>${escapeHtml(ticket.holder_name)}`;
  const code =
    ticket.qr === null
      ? `<p>This ticket is ${escapeHtml(ticket.status)} and admits nobody.</p>`
      : `<img src="${path}/qr.svg" width="220" height="220" alt="Code of ticket ${escapeHtml(ticket.serial)}">`;
  return `<section class="ticket">
${code}
<p><strong>${escapeHtml(ticket.tier)}</strong> · No. ${escapeHtml(ticket.serial)}${holder}</p>
</section>`;
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
  return `<table>
${rows.join('\n')}
${discount}
<tr><th scope="row">Total</th><th>${total}</th></tr>
</table>`;
}
