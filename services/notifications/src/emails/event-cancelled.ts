import type { RenderedEmail } from '@liventix/domain/emails';
import type { CancellationFacts } from '@liventix/domain/emails/money-facts';
import type { Language } from '@liventix/shared/voice';
import { renderMoneyMail } from '#emails/money-mail';
import type { BuyerMail } from '#emails/order-mail';

const words = {
  en: {
    subject: (event: string) => `Cancelled: ${event}`,
    heading: (event: string) => `${event} was cancelled`,
    lead: 'The event of your order will not take place. Tickets for it are no longer good.',
    amount: 'Goes back to you',
    paid: 'What you paid goes back to what you paid with. You need not do anything, and we write again once it is made.',
    free: 'Nothing was paid for this order, so no money moves.',
  },
  de: {
    subject: (event: string) => `Abgesagt: ${event}`,
    heading: (event: string) => `${event} ist abgesagt`,
    lead: 'die Veranstaltung Ihrer Bestellung findet nicht statt. Tickets dafür gelten nicht mehr.',
    amount: 'Geht an Sie zurück',
    paid: 'Was Sie bezahlt haben, geht dorthin zurück, womit Sie bezahlt haben. Sie müssen nichts tun; wir schreiben Ihnen wieder, sobald es angewiesen ist.',
    free: 'Für diese Bestellung wurde nichts bezahlt, es fließt also kein Geld.',
  },
} satisfies Record<Language, unknown>;

/** The event will not take place, and what that means for the buyer's money. */
export function renderEventCancelled(mail: BuyerMail, facts: CancellationFacts): RenderedEmail {
  const { language, money } = mail.voice;
  const { subject, heading, lead, amount, paid, free } = words[language];
  const { eventTitle } = mail.order;
  const { amountCents, currency } = facts;
  return renderMoneyMail(mail, {
    subject: subject(eventTitle),
    heading: heading(eventTitle),
    lead,
    figures: amountCents === 0 ? [] : [[amount, money(amountCents, currency)]],
    next: [amountCents === 0 ? free : paid],
  });
}
