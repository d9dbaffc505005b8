import type { OrderView, TicketView } from '@liventix/contracts/api/orders';
import type { OfferedView } from '@liventix/contracts/api/transfers';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoment, renderPage } from '#pages/page';

const told: Readonly<Record<OfferedView['state'], string>> = {
  offered: 'Somebody passes a ticket on to you',
  accepted: 'This ticket was accepted',
  declined: 'This offer was declined',
  withdrawn: 'This offer was taken back',
  lapsed: 'The time of this offer is over',
};

/** An offer as a plain page whose forms answer it. */
export function renderOfferPage(offer: OfferedView, token: string): string {
  const path = `/transfers/t/${encodeURIComponent(token)}`;
  const from = offer.from === null ? '' : `<p>From ${escapeHtml(offer.from)}</p>`;
  const forms =
    offer.state === 'offered'
      ? `<form method="post" action="${path}/accept">
<label>Your name, as it shall stand on the ticket<br>
<input name="name" required maxlength="200" autocomplete="name"></label>
<button>Accept the ticket</button>
</form>
<form method="post" action="${path}/decline"><button class="quiet">Decline</button></form>`
      : '';
  return renderPage({
    locale: 'en',
    title: told[offer.state],
    body: `<h1>${escapeHtml(offer.event.title)}</h1>
<p class="facts">${escapeHtml(offer.event.venue)} · ${escapeHtml(offer.tier)}</p>
<h2>${told[offer.state]}</h2>
${from}
${forms}`,
  });
}

/** A ticket as a plain page, for whoever holds it; with a key it has a form that gives it back. */
export function renderTicketPage(
  ticket: TicketView & { readonly event: OrderView['event'] },
  options: { readonly locale: string; readonly returnKey: string | undefined },
): string {
  const { locale, returnKey } = options;
  const { event } = ticket;
  const when = formatMoment(event.starts_at, { locale, timezone: event.timezone });
  const holder = ticket.holder_name === null ? '' : `<br>${escapeHtml(ticket.holder_name)}`;
  const path = `/v1/tickets/t/${encodeURIComponent(ticket.token ?? '')}`;
  const code =
    ticket.qr === null
      ? `<p>This ticket is ${escapeHtml(ticket.status)} and admits nobody.</p>`
      : `<img src="${path}/qr.svg" width="220" height="220" alt="Code of ticket ${escapeHtml(ticket.serial)}">`;
  const files =
    ticket.qr === null
      ? ''
      : `<p><a href="${path}/ticket.pdf">Ticket to print (PDF)</a> · <a href="${path}/calendar.ics">Add to your calendar</a></p>`;
  return renderPage({
    locale,
    title: event.title,
    body: `<h1>${escapeHtml(event.title)}</h1>
<p class="facts">${escapeHtml(when)}<br>${escapeHtml(event.venue)}</p>
<section class="ticket">${code}
<p><strong>${escapeHtml(ticket.tier)}</strong> · No. ${escapeHtml(ticket.serial)}${holder}</p></section>
${files}
${renderReturn(ticket, returnKey)}`,
  });
}

/** The key is made with the page: a form that is sent twice is one return. */
function renderReturn(ticket: TicketView, key: string | undefined): string {
  if (key === undefined || ticket.token === null || ticket.qr === null) {
    return '';
  }
  return `<details><summary>Give this ticket back</summary>
<form method="post" action="/tickets/t/${encodeURIComponent(ticket.token)}/return">
<p>Somebody else can buy it then, and what it cost goes to who paid for it.</p>
<input type="hidden" name="key" value="${escapeHtml(key)}">
<label><input type="checkbox" name="sure" value="yes" required> It will admit nobody any more</label>
<p><button class="quiet">Give it back</button></p>
</form></details>`;
}
