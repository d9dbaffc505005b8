import type { OrderView } from '@liventix/contracts/api/orders';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';

const headlines: Readonly<Record<OrderView['status'], string>> = {
  pending: 'Waiting for your payment',
  paid: 'Payment received, your tickets are being issued',
  fulfilled: 'Your tickets',
  expired: 'This order has expired',
  cancelled: 'This order was cancelled',
};

/** The order as a plain page: no script, readable on a phone and on paper. */
export function renderOrderPage(
  order: OrderView,
  options: { readonly locale: string; readonly isWaiting: boolean },
): string {
  const waits = order.status === 'paid' || (order.status === 'pending' && options.isWaiting);
  const title = `${order.event.title} · ${order.number}`;
  return `<!doctype html>
<html lang="${escapeHtml(options.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${waits ? '<meta http-equiv="refresh" content="2">' : ''}
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(order.event.title)}</h1>
<p class="facts">${escapeHtml(when(order, options.locale))}<br>${escapeHtml(order.event.venue)}</p>
<h2>${headlines[order.status]}</h2>
${order.tickets.map((ticket) => renderTicket(ticket)).join('\n')}
${renderLines(order, options.locale)}
<p class="facts">Order ${escapeHtml(order.number)}</p>
</main>
</body>
</html>
`;
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

function when(order: OrderView, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: order.event.timezone,
  });
  return `${format.format(new Date(order.event.starts_at))} (${order.event.timezone})`;
}

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 1.5rem; }
main { max-width: 34rem; margin: 0 auto; }
h1 { margin-bottom: 0; }
.facts { opacity: .8; }
.ticket { border: 1px solid #8886; border-radius: .75rem; padding: 1rem; margin: 1rem 0; text-align: center; break-inside: avoid; }
.ticket img { background: #fff; padding: .5rem; border-radius: .5rem; max-width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; padding: .35rem 0; border-top: 1px solid #8884; }
td:last-child, th:last-child { text-align: right; }
`;
