import type { Documents } from '@liventix/documents';
import type { PrintedTicket } from '@liventix/documents/ticket-sheet';
import type { RenderedEmail } from '@liventix/domain/emails';
import type { Confirmation } from '@liventix/domain/emails/confirmation-repository';
import { formatSerial, qrPayload } from '@liventix/domain/tickets';
import { type Language, type Voice, voiceOf } from '@liventix/shared/voice';
import { type Code, type Fact, renderLetter } from '#emails/letter';
import { type BuyerMail, eventRows, greeting, numberRow, pageLink } from '#emails/order-mail';

/** More codes than this make a mail too heavy for some inboxes: then the page shows them all. */
const codesMax = 10;

/** Of complimentary orders with thousands of tickets only so many are named. */
const namedMax = 100;

/** More tickets than this, or a larger file, are printed from the page: mailboxes refuse large mails. */
const printedMax = 100;
const pdfBytesMax = 3 * 1024 * 1024;

/** Four pixels a module are sharp at the size a code is shown, at a third of the cost of nine. */
const pixelsAModule = 4;

const words = {
  en: {
    subject: (event: string) => `Your tickets for ${event}`,
    lead: 'Here are your tickets. Your order page shows their codes for the door, too, and has them to print.',
    linkOnly:
      'Your tickets are on your order page, with their codes for the door, and to print. Many people ordered at once, so this mail comes without them.',
    alt: (serial: string) => `Code of ticket ${serial}`,
    serial: 'No.',
    more: (count: number) => `And ${count} more on your order page`,
    subtotal: 'Tickets',
    discount: 'Discount',
    total: 'Total',
    credit: 'Of it from your credit',
  },
  de: {
    subject: (event: string) => `Ihre Tickets für ${event}`,
    lead: 'hier sind Ihre Tickets. Ihre Bestellung im Netz zeigt ihre Codes für den Einlass ebenfalls und hat sie zum Drucken.',
    linkOnly:
      'Ihre Tickets sind auf Ihrer Bestellseite, mit ihren Codes für den Einlass und zum Drucken. Viele haben gleichzeitig bestellt, deshalb kommt diese Nachricht ohne sie.',
    alt: (serial: string) => `Code des Tickets ${serial}`,
    serial: 'Nr.',
    more: (count: number) => `Und ${count} weitere auf Ihrer Bestellseite`,
    subtotal: 'Tickets',
    discount: 'Rabatt',
    total: 'Summe',
    credit: 'Davon aus Ihrem Guthaben',
  },
} satisfies Record<Language, unknown>;

/**
 * The confirmation of an order: its tickets with their codes inside, and the page with all. Together
 * with other mails it has the page alone, since a batch carries no files.
 */
export async function renderConfirmation(
  order: Confirmation,
  context: { readonly page: string; readonly documents: Documents },
  travels: 'alone' | 'together' = 'alone',
): Promise<RenderedEmail> {
  const voice = voiceOf(order.locale);
  const mail: BuyerMail = { order, voice, page: context.page };
  const told = words[voice.language];
  const isAlone = travels === 'alone';
  const shown = order.tickets.slice(0, isAlone ? codesMax : 0).flatMap((ticket) => {
    const code = qrPayload(ticket);
    return code === undefined ? [] : [{ ...ticket, code }];
  });
  const attachments = await Promise.all(
    shown.map(async (ticket) => {
      const contentId = contentIdOf(ticket);
      const image = await context.documents.codePng(ticket.code, pixelsAModule);
      return {
        filename: `${contentId}.png`,
        contentBase64: Buffer.from(image).toString('base64'),
        contentType: 'image/png',
        contentId,
      };
    }),
  );
  const codes = shown.map(
    (ticket): Code => ({
      contentId: contentIdOf(ticket),
      alt: told.alt(formatSerial(ticket.serial)),
      caption: nameOf(voice, ticket),
    }),
  );
  return renderLetter({
    voice,
    subject: `${told.subject(order.eventTitle)} (${order.number})`,
    heading: order.eventTitle,
    blocks: [
      greeting(mail),
      { kind: 'paragraph', text: isAlone ? told.lead : told.linkOnly },
      { kind: 'facts', rows: eventRows(mail) },
      { kind: 'tickets', codes, named: namesOf(voice, order) },
      ...pageLink(mail),
      { kind: 'facts', rows: [numberRow(mail), ...moneyRows(voice, order)] },
    ],
    attachments: isAlone ? [...attachments, ...(await printed(order, context.documents))] : [],
  });
}

/** All tickets to print, when they are few enough for a mail. */
async function printed(
  order: Confirmation,
  documents: Documents,
): Promise<RenderedEmail['attachments']> {
  const tickets = order.tickets.flatMap((ticket): PrintedTicket[] => {
    const code = qrPayload(ticket);
    const { tierName: tier, holderName: holder } = ticket;
    return code === undefined ? [] : [{ tier, holder, code, serial: formatSerial(ticket.serial) }];
  });
  if (tickets.length === 0 || tickets.length > printedMax) {
    return [];
  }
  const { locale, venue, startsAt, timezone } = order;
  const event = { title: order.eventTitle, venue, startsAt, timezone };
  const pdf = await documents.ticketsPdf({ locale, event, tickets });
  if (pdf.length > pdfBytesMax) {
    return [];
  }
  const contentBase64 = Buffer.from(pdf).toString('base64');
  return [
    { filename: `tickets-${order.number}.pdf`, contentBase64, contentType: 'application/pdf' },
  ];
}

function contentIdOf({ serial }: { readonly serial: number }): string {
  return `ticket-${formatSerial(serial)}`;
}

function nameOf(voice: Voice, ticket: Confirmation['tickets'][number]): string {
  return `${ticket.tierName}, ${words[voice.language].serial} ${formatSerial(ticket.serial)}`;
}

function namesOf(voice: Voice, { tickets }: Confirmation): string[] {
  const names = tickets.slice(0, namedMax).map((ticket) => nameOf(voice, ticket));
  const rest = tickets.length - names.length;
  return rest > 0 ? [...names, words[voice.language].more(rest)] : names;
}

function moneyRows(voice: Voice, order: Confirmation): Fact[] {
  const { subtotal, discount, total, credit } = words[voice.language];
  const money = (cents: number) => voice.money(cents, order.currency);
  const code = order.promoCode === null ? discount : `${discount} (${order.promoCode})`;
  const off: Fact[] =
    order.discountCents === 0
      ? []
      : [
          [subtotal, money(order.subtotalCents)],
          [code, money(-order.discountCents)],
        ];
  const fromWallet: Fact[] = order.walletCents === 0 ? [] : [[credit, money(order.walletCents)]];
  return [...off, [total, money(order.totalCents)], ...fromWallet];
}
