import type { RenderedEmail } from '@liventix/domain/emails';
import type { LateMoneyFacts, LateReason } from '@liventix/domain/emails/money-facts';
import type { Language } from '@liventix/shared/voice';
import { renderMoneyMail } from '#emails/money-mail';
import type { BuyerMail } from '#emails/order-mail';

interface Words {
  readonly subject: (event: string) => string;
  readonly heading: string;
  readonly leads: Record<LateReason, string>;
  readonly amount: string;
  readonly next: string;
}

const words: Record<Language, Words> = {
  en: {
    subject: (event) => `Your payment for ${event} came too late`,
    heading: 'Your payment came too late',
    leads: {
      sold_out:
        'Your payment came after the time for it had ended, and the tickets were sold by then.',
      credit_spent:
        'Your payment came after the time for it had ended, and the credit that paid the other part had been spent by then.',
      order_cancelled: 'Your payment came after your order had been cancelled.',
      event_cancelled: 'Your payment came after the event had been cancelled.',
      event_ended: 'Your payment came after the event had ended.',
    },
    amount: 'Goes back to you',
    next: 'It became no tickets, and all of it goes back to what you paid with. You need not do anything, and we write again once it is made.',
  },
  de: {
    subject: (event) => `Ihre Zahlung für ${event} kam zu spät`,
    heading: 'Ihre Zahlung kam zu spät',
    leads: {
      sold_out:
        'Ihre Zahlung kam nach dem Ende der Zahlungsfrist, und die Tickets waren da bereits verkauft.',
      credit_spent:
        'Ihre Zahlung kam nach dem Ende der Zahlungsfrist, und das Guthaben für den anderen Teil war da bereits ausgegeben.',
      order_cancelled: 'Ihre Zahlung kam, nachdem Ihre Bestellung storniert war.',
      event_cancelled: 'Ihre Zahlung kam, nachdem die Veranstaltung abgesagt war.',
      event_ended: 'Ihre Zahlung kam, nachdem die Veranstaltung vorbei war.',
    },
    amount: 'Geht an Sie zurück',
    next: 'Sie haben dafür keine Tickets erhalten. Der ganze Betrag geht dorthin zurück, womit Sie bezahlt haben. Sie müssen nichts tun; wir schreiben Ihnen wieder, sobald er angewiesen ist.',
  },
};

/** Money that came when there was nothing left to buy with it. */
export function renderPaymentTooLate(mail: BuyerMail, facts: LateMoneyFacts): RenderedEmail {
  const { subject, heading, leads, amount, next } = words[mail.voice.language];
  return renderMoneyMail(mail, {
    subject: subject(mail.order.eventTitle),
    heading,
    lead: leads[facts.reason],
    figures: [[amount, mail.voice.money(facts.amountCents, facts.currency)]],
    next: [next],
  });
}
