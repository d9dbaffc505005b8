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

/** A ticket as a plain page, for whoever holds it. */
export function renderTicketPage(
  ticket: TicketView & { readonly event: OrderView['event'] },
  locale: string,
): string {
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
${files}`,
  });
}
