import type { RenderedEmail } from '@liventix/domain/emails';
import type { Confirmation } from '@liventix/domain/emails/confirmation-repository';
import { formatSerial, qrPayload } from '@liventix/domain/tickets';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';
import type { Tokens } from '@liventix/shared/tokens';
import { toBuffer } from 'qrcode';

/** More codes than this make a mail too heavy for some inboxes: then the page shows them all. */
const codesMax = 10;

/** Four pixels a module are sharp at the size a code is shown, at a third of the cost of nine. */
const codeOptions = { errorCorrectionLevel: 'M', margin: 4, scale: 4 } as const;

interface Shown {
  readonly ticket: Confirmation['tickets'][number];
  readonly contentId: string;
}

/** The confirmation of an order: its tickets with their codes inside, and the page with all. */
export async function renderConfirmation(
  order: Confirmation,
  context: { readonly tokens: Tokens; readonly publicUrl: string },
): Promise<RenderedEmail> {
  const token = context.tokens.issue('order', order.orderId, order.tokenVersion);
  const page = new URL(`/orders/t/${token}`, context.publicUrl).toString();
  const shown = order.tickets
    .slice(0, codesMax)
    .map((ticket) => ({ ticket, contentId: `ticket-${formatSerial(ticket.serial)}` }));
  const attachments = await Promise.all(
    shown.map(async ({ ticket, contentId }) => {
      const code = qrPayload(context.tokens, ticket);
      const image = await toBuffer(code, codeOptions);
      return {
        filename: `${contentId}.png`,
        contentBase64: image.toString('base64'),
        contentType: 'image/png',
        contentId,
      };
    }),
  );
  return {
    subject: oneLine(`Your tickets for ${order.eventTitle} (${order.number})`),
    html: html(order, { page, shown }),
    text: text(order, page),
    attachments,
  };
}

/** Nothing that a mail program could read as another header. */
function oneLine(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}

function when(order: Confirmation): string {
  const format = new Intl.DateTimeFormat(order.locale, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: order.timezone,
  });
  return `${format.format(order.startsAt)} (${order.timezone})`;
}

function text(order: Confirmation, page: string): string {
  const tickets = order.tickets.map(
    (ticket) => `- ${ticket.tierName}, No. ${formatSerial(ticket.serial)}`,
  );
  return [
    `Hello ${order.buyerName ?? ''}`.trim(),
    '',
    `your tickets for ${order.eventTitle}:`,
    '',
    ...tickets,
    '',
    when(order),
    order.venue,
    '',
    `Your codes for the door: ${page}`,
    'Whoever has this link has your tickets: keep it to yourself.',
    '',
    `Order ${order.number}, ${formatMoney(order.totalCents, order.currency, order.locale)}`,
    '',
  ].join('\n');
}

function html(
  order: Confirmation,
  parts: { readonly page: string; readonly shown: readonly Shown[] },
): string {
  const codes = parts.shown.map(
    ({ ticket, contentId }) =>
      `<div style="text-align:center;border:1px solid #ccc;border-radius:12px;padding:16px;margin:16px 0">
<img src="cid:${contentId}" width="220" height="220" alt="Code of ticket ${formatSerial(ticket.serial)}">
<p style="margin:8px 0 0"><strong>${escapeHtml(ticket.tierName)}</strong> · No. ${formatSerial(ticket.serial)}</p>
</div>`,
  );
  const rest = order.tickets.length - parts.shown.length;
  const total = escapeHtml(formatMoney(order.totalCents, order.currency, order.locale));
  return `<!doctype html>
<html lang="${escapeHtml(order.locale)}"><head><meta charset="utf-8"><title>${escapeHtml(order.eventTitle)}</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:0;padding:24px">
<div style="max-width:32rem;margin:0 auto">
<h1 style="margin:0">${escapeHtml(order.eventTitle)}</h1>
<p>${escapeHtml(when(order))}<br>${escapeHtml(order.venue)}</p>
<p>Hello ${escapeHtml(order.buyerName ?? '')}, here are your tickets.</p>
${codes.join('\n')}
${rest > 0 ? `<p>And ${rest} more on your order page.</p>` : ''}
<p><a href="${escapeHtml(parts.page)}">Open your order</a>. Whoever has this link has your tickets: keep it to yourself.</p>
<p style="color:#555">Order ${escapeHtml(order.number)}, ${total}</p>
</div>
</body></html>`;
}
