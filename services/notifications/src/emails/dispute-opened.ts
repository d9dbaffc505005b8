import type { RenderedEmail } from '@liventix/domain/emails';
import type { DisputeFacts } from '@liventix/domain/emails/money-facts';
import type { Language, Voice } from '@liventix/shared/voice';
import { type Fact, renderLetter } from '#emails/letter';

/** Stripe's reasons that organizers meet most (docs.stripe.com/disputes/categories); others as they are. */
const reasons: Record<Language, Readonly<Record<string, string>>> = {
  en: {
    fraudulent: 'The cardholder did not make this payment',
    unrecognized: 'The cardholder does not recognize this payment',
    duplicate: 'Paid twice',
    product_not_received: 'Not received',
    product_unacceptable: 'Not as described',
    credit_not_processed: 'A refund that was promised did not come',
    general: 'No particular reason',
  },
  de: {
    fraudulent: 'Der Karteninhaber hat diese Zahlung nicht veranlasst',
    unrecognized: 'Der Karteninhaber erkennt diese Zahlung nicht',
    duplicate: 'Doppelt bezahlt',
    product_not_received: 'Nicht erhalten',
    product_unacceptable: 'Nicht wie beschrieben',
    credit_not_processed: 'Eine zugesagte Erstattung kam nicht',
    general: 'Kein besonderer Grund',
  },
};

const words = {
  en: {
    subject: 'Disputed payment',
    heading: 'A payment is disputed',
    lead: 'A buyer disputes a payment for your event at their bank.',
    number: 'Order',
    event: 'Event',
    amount: 'Disputed',
    reason: 'Reason',
    due: 'Answer until',
    next: 'Hand in your evidence at Stripe in time. Without an answer the dispute is lost, and the money with it.',
  },
  de: {
    subject: 'Angefochtene Zahlung',
    heading: 'Eine Zahlung wird angefochten',
    lead: 'Ein Käufer ficht eine Zahlung für Ihre Veranstaltung bei seiner Bank an.',
    number: 'Bestellung',
    event: 'Veranstaltung',
    amount: 'Angefochten',
    reason: 'Grund',
    due: 'Antwort bis',
    next: 'Reichen Sie Ihre Belege rechtzeitig bei Stripe ein. Ohne Antwort ist die Anfechtung verloren und das Geld mit ihr.',
  },
} satisfies Record<Language, unknown>;

/**
 * Tells the organizer that a payment is disputed. It has no link to the order's page: that is the
 * buyer's own credential.
 */
export function renderDisputeOpened(
  facts: DisputeFacts,
  context: { readonly voice: Voice; readonly timezone: string },
): RenderedEmail {
  const { voice, timezone } = context;
  const told = words[voice.language];
  const dueAt = facts.dueAt === null ? undefined : new Date(facts.dueAt);
  const due: Fact[] = dueAt === undefined ? [] : [[told.due, voice.date(dueAt, timezone)]];
  return renderLetter({
    voice,
    subject: `${told.subject}: ${facts.eventTitle} (${facts.orderNumber})`,
    heading: told.heading,
    blocks: [
      { kind: 'paragraph', text: told.lead },
      {
        kind: 'facts',
        rows: [
          [told.amount, voice.money(facts.amountCents, facts.currency)],
          [told.reason, reasons[voice.language][facts.reason] ?? facts.reason],
          ...due,
          [told.number, facts.orderNumber],
          [told.event, facts.eventTitle],
        ],
      },
      { kind: 'paragraph', text: told.next },
    ],
  });
}
