import type { RenderedEmail } from '@liventix/domain/emails';
import type { RefundFacts } from '@liventix/domain/emails/money-facts';
import { formatSerial } from '@liventix/domain/tickets';
import type { Language } from '@liventix/shared/voice';
import type { Fact } from '#emails/letter';
import { renderMoneyMail } from '#emails/money-mail';
import type { BuyerMail } from '#emails/order-mail';

export type RefundNews = 'refund_requested' | 'refund_made' | 'refund_failed';

interface Words {
  readonly subject: (event: string) => string;
  readonly heading: string;
  readonly lead: string;
  readonly next: readonly string[];
}

/** Banks show refunds of cards after so long (docs.stripe.com/refunds). */
const words: Record<Language, Record<RefundNews | 'nothing_paid' | 'nothing_left', Words>> = {
  en: {
    refund_requested: {
      subject: (event) => `Your refund for ${event} is on its way`,
      heading: 'Your refund is on its way',
      lead: 'A refund of your order has been asked for.',
      next: [
        'The money goes back to what you paid with. You need not do anything, and we write again once it is made.',
      ],
    },
    refund_made: {
      subject: (event) => `Your refund for ${event} was made`,
      heading: 'Your refund was made',
      lead: 'The refund of your order was made.',
      next: [
        'The money goes back to what you paid with. Banks mostly take five to ten business days to show it.',
      ],
    },
    refund_failed: {
      subject: (event) => `Your refund for ${event} did not go through`,
      heading: 'Your refund did not go through',
      lead: 'The refund of your order did not reach you.',
      next: [
        'The money is still owed to you. We look for another way and write again once it is made; you need not do anything now.',
      ],
    },
    nothing_paid: {
      subject: (event) => `Your tickets for ${event} were given back`,
      heading: 'Your tickets were given back',
      lead: 'Tickets of your order were given back. Nothing was paid for them, so no money moves.',
      next: [],
    },
    nothing_left: {
      subject: (event) => `Your order for ${event} was cancelled`,
      heading: 'Your order was cancelled',
      lead: 'We are sorry: we could not issue the tickets of your order. There is no money of yours left that would have to go back.',
      next: [],
    },
  },
  de: {
    refund_requested: {
      subject: (event) => `Ihre Erstattung für ${event} ist unterwegs`,
      heading: 'Ihre Erstattung ist unterwegs',
      lead: 'für Ihre Bestellung wurde eine Erstattung veranlasst.',
      next: [
        'Das Geld geht dorthin zurück, womit Sie bezahlt haben. Sie müssen nichts tun; wir schreiben Ihnen wieder, sobald es angewiesen ist.',
      ],
    },
    refund_made: {
      subject: (event) => `Ihre Erstattung für ${event} ist angewiesen`,
      heading: 'Ihre Erstattung ist angewiesen',
      lead: 'die Erstattung Ihrer Bestellung ist angewiesen.',
      next: [
        'Das Geld geht dorthin zurück, womit Sie bezahlt haben. Bis Ihre Bank es zeigt, dauert es meist fünf bis zehn Werktage.',
      ],
    },
    refund_failed: {
      subject: (event) => `Ihre Erstattung für ${event} kam nicht an`,
      heading: 'Ihre Erstattung kam nicht an',
      lead: 'die Erstattung Ihrer Bestellung ist nicht bei Ihnen angekommen.',
      next: [
        'Das Geld steht Ihnen weiterhin zu. Wir suchen einen anderen Weg und schreiben Ihnen wieder, sobald es angewiesen ist; Sie müssen jetzt nichts tun.',
      ],
    },
    nothing_paid: {
      subject: (event) => `Ihre Tickets für ${event} sind zurückgegeben`,
      heading: 'Ihre Tickets sind zurückgegeben',
      lead: 'Tickets Ihrer Bestellung sind zurückgegeben. Sie waren kostenlos, es fließt also kein Geld.',
      next: [],
    },
    nothing_left: {
      subject: (event) => `Ihre Bestellung für ${event} ist storniert`,
      heading: 'Ihre Bestellung ist storniert',
      lead: 'leider konnten wir die Tickets Ihrer Bestellung nicht ausstellen. Es ist kein Geld von Ihnen mehr da, das zurückgehen müsste.',
      next: [],
    },
  },
};

const labels = {
  en: {
    amount: 'Refund',
    tickets: 'Given back',
    more: (count: number) => `and ${count} more`,
    dead: 'Tickets that were given back admit nobody any more.',
    cancelled: 'The order is cancelled: no tickets come of it.',
  },
  de: {
    amount: 'Erstattung',
    tickets: 'Zurückgegeben',
    more: (count: number) => `und ${count} weitere`,
    dead: 'Zurückgegebene Tickets gelten am Einlass nicht mehr.',
    cancelled: 'Die Bestellung ist storniert, Tickets kommen daraus keine.',
  },
} as const;

/** A refund that was asked for, was made, or failed; of free tickets it tells that they ended. */
export function renderRefundMail(
  mail: BuyerMail,
  news: RefundNews,
  facts: RefundFacts,
): RenderedEmail {
  const { language, money } = mail.voice;
  const { subject, heading, lead, next } = words[language][toldOf(news, facts)];
  const { amount, tickets, dead, cancelled } = labels[language];
  const paid: Fact[] =
    facts.amountCents === 0 ? [] : [[amount, money(facts.amountCents, facts.currency)]];
  const ended: Fact[] = facts.tickets === 0 ? [] : [[tickets, namesOf(language, facts)]];
  return renderMoneyMail(mail, {
    subject: subject(mail.order.eventTitle),
    heading,
    lead,
    figures: [...paid, ...ended],
    next: [
      ...(facts.isCancelled ? [cancelled] : []),
      ...next,
      ...(facts.tickets === 0 ? [] : [dead]),
    ],
  });
}

function toldOf(news: RefundNews, facts: RefundFacts): keyof (typeof words)[Language] {
  if (facts.amountCents > 0) {
    return news;
  }
  return facts.isCancelled ? 'nothing_left' : 'nothing_paid';
}

function namesOf(language: Language, { tickets, serials }: RefundFacts): string {
  const rest = tickets - serials.length;
  const named = serials.map((serial) => formatSerial(serial)).join(', ');
  return rest > 0 ? `${named} ${labels[language].more(rest)}` : named;
}
