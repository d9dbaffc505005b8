import type { OrderView } from '@liventix/contracts/api/orders';
import { type RefundTerms, termsRefusal } from '@liventix/domain/refunds/policy';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';
import { formatMoment, renderPage } from '#pages/page';
import type { OwnRefund } from '#refunds/request-own-refund';

/** What the order's page knows of giving tickets back. */
export interface GiveBack {
  readonly token: string;
  readonly terms: RefundTerms;
  /** What became of the wish that the buyer comes from: a key of `outcomes`. */
  readonly outcome: string | undefined;
}

/** What a wish can end as, besides the codes of refusals. */
export const requested = 'requested';
export const nothingChosen = 'nothing_chosen';

const outcomes: Readonly<Record<string, string>> = {
  [requested]: 'You have given tickets back. What becomes of the money stands below.',
  [nothingChosen]: 'Choose the tickets that you want to give back.',
  'order.not_paid': 'This order has no tickets that were paid: there is nothing to give back.',
  'order.disputed':
    'Your bank disputes the payment of this order. Until that is decided, no ticket can be given back.',
  'ticket.not_found': 'Not all of these tickets are of this order. Nothing was given back.',
  'ticket.already_refunded': 'Not all of these tickets are valid any more. Nothing was given back.',
  'ticket.admitted': 'Not all of these tickets are unused. Nothing was given back.',
  'ticket.passed_on':
    'Somebody else holds one of these tickets now, and only they can give it back. Nothing was given back.',
  'refund.not_allowed': 'The organizer takes no tickets back on this page. Write to them.',
  'refund.too_late': 'The time to give tickets back has passed.',
  'refund.terms_changed':
    'What you get back has changed since you looked. Nothing was given back; please look again.',
  'refund.nothing_left': 'All of this order was given back already.',
  'refund.more_than_left': 'Less of your payment is left than these tickets cost. Write to us.',
};

/** A refusal that has no sentence of its own here. */
const elsewise = 'These tickets cannot be given back on this page. Write to the organizer.';

const moneyStates: Readonly<Record<string, string>> = {
  requested: 'on its way to you',
  submitted: 'on its way to you',
  succeeded: 'paid back to where it came from',
  failed: 'could not be paid back; we are looking into it',
  cancelled: 'cancelled',
};

/** What to say about the wish that the buyer comes from. An address alone claims no refund. */
export function renderNotice(order: OrderView, { outcome }: GiveBack): string {
  if (outcome === undefined || (outcome === requested && order.refunds.length === 0)) {
    return '';
  }
  const sentence = Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : elsewise;
  return `<p class="notice" role="status">${escapeHtml(sentence ?? elsewise)}</p>`;
}

/** What was given back of an order, and where its money is. */
export function renderRefunds(order: OrderView, locale: string): string {
  if (order.refunds.length === 0) {
    return '';
  }
  const rows = order.refunds.map(({ amount_cents: cents, status }) => {
    const state = cents === 0 ? 'no money comes back' : (moneyStates[status] ?? status);
    const amount = formatMoney(cents, order.currency, locale);
    return `<tr><td>${escapeHtml(state)}</td><td>${escapeHtml(amount)}</td></tr>`;
  });
  return `<h2>Given back</h2>
<table>
${rows.join('\n')}
</table>`;
}

/** The form to choose tickets in, while there are any and the event's policy takes them. */
export function renderGiveBack(
  order: OrderView,
  { token, terms, locale }: GiveBack & { readonly locale: string },
): string {
  const tickets = order.tickets.filter((one) => one.status === 'valid' && !one.passed_on);
  const refusal = termsRefusal(terms);
  if (tickets.length === 0 || refusal === 'not_allowed') {
    return '';
  }
  if (refusal === 'too_late') {
    return `<p class="facts">${outcomes['refund.too_late']}</p>`;
  }
  const { timezone } = order.event;
  const until = escapeHtml(formatMoment(terms.until, { locale, timezone }));
  const checked = tickets.length === 1 ? ' checked' : '';
  const boxes = tickets.map(
    (ticket) =>
      `<label><input type="checkbox" name="ticket" value="${escapeHtml(ticket.id)}"${checked}> ${nameOf(ticket)}</label>`,
  );
  return `<form method="post" action="${refundPath(token)}/preview">
<h2>Give tickets back</h2>
<p>You can give tickets back until ${until}. First you see what you get for them.</p>
${boxes.join('\n')}
<button>See what comes back</button>
</form>`;
}

/** What would be given back, and the button that does it. */
export function renderPreview(
  order: OrderView,
  preview: {
    readonly found: OwnRefund;
    readonly token: string;
    readonly locale: string;
    readonly key: string;
  },
): string {
  const { found, token, locale, key } = preview;
  const { timezone } = order.event;
  const money = (cents: number) => escapeHtml(formatMoney(cents, order.currency, locale));
  const keptCents = found.shares.reduce((sum, share) => sum + share.keptCents, 0);
  const back = order.tickets.filter(({ id }) => found.shares.some((one) => one.ticketId === id));
  const rows = back.map((ticket) => {
    const share = found.shares.find(({ ticketId }) => ticketId === ticket.id);
    return `<tr><td>${nameOf(ticket)}</td><td>${money(share?.paidCents ?? 0)}</td></tr>`;
  });
  const fields = back.map(({ id }) => hidden('ticket', id));
  return renderPage({
    locale,
    title: `Give tickets back · ${order.number}`,
    body: `<h1>${escapeHtml(order.event.title)}</h1>
<h2>Give tickets back</h2>
<table>
${rows.join('\n')}
<tr><td>Kept by the organizer</td><td>${money(keptCents)}</td></tr>
<tr><th scope="row">You get back</th><th>${money(found.amountCents)}</th></tr>
</table>
<p>This is possible until ${escapeHtml(formatMoment(found.terms.until, { locale, timezone }))}. The money goes back to where it came from. The tickets admit nobody from that moment on, and this cannot be undone.</p>
<form method="post" action="${refundPath(token)}">
${[...fields, hidden('amount_cents', String(found.amountCents)), hidden('key', key)].join('\n')}
<button>Give ${back.length === 1 ? 'this ticket' : `these ${back.length} tickets`} back</button>
</form>
<p><a href="${pagePath(token)}">Keep ${back.length === 1 ? 'it' : 'them'}</a></p>`,
  });
}

export function pagePath(token: string): string {
  return `/orders/t/${encodeURIComponent(token)}`;
}

function refundPath(token: string): string {
  return `${pagePath(token)}/refund`;
}

function nameOf(ticket: OrderView['tickets'][number]): string {
  return `${escapeHtml(ticket.tier)} · No. ${escapeHtml(ticket.serial)}`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}
