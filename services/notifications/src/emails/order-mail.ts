import type { MailOrder } from '@liventix/domain/emails/mail-order-repository';
import type { Language, Voice } from '@liventix/shared/voice';
import type { Block, Fact } from '#emails/letter';

/** What a mail to a buyer is made from, beside its own facts. */
export interface BuyerMail {
  readonly order: Pick<
    MailOrder,
    'number' | 'buyerName' | 'eventTitle' | 'venue' | 'startsAt' | 'timezone'
  >;
  readonly voice: Voice;
  /** The order's own page: whoever has its address has the order. */
  readonly page: string;
}

const words = {
  en: {
    hello: 'Hello',
    event: 'Event',
    when: 'When',
    venue: 'Where',
    number: 'Order',
    open: 'Open your order',
    secret: 'Whoever has this link has your order: keep it to yourself.',
  },
  de: {
    hello: 'Guten Tag',
    event: 'Veranstaltung',
    when: 'Wann',
    venue: 'Wo',
    number: 'Bestellung',
    open: 'Ihre Bestellung öffnen',
    secret: 'Wer diesen Link hat, hat Ihre Bestellung: Geben Sie ihn nicht weiter.',
  },
} satisfies Record<Language, Record<string, string>>;

/** Buyers type their names and somebody's address: what looks like a link is not said again. */
const linkLike = /:\/\/|@|www\.|\.\p{L}{2,}/iu;

export function greeting({ order, voice }: BuyerMail): Block {
  const { hello } = words[voice.language];
  const name = order.buyerName ?? '';
  const isSaid = name !== '' && !linkLike.test(name);
  return { kind: 'paragraph', text: isSaid ? `${hello} ${name},` : `${hello},` };
}

export function eventRows({ order, voice }: BuyerMail): Fact[] {
  const { event, when, venue } = words[voice.language];
  return [
    [event, order.eventTitle],
    [when, voice.date(order.startsAt, order.timezone)],
    [venue, order.venue],
  ];
}

export function numberRow({ order, voice }: BuyerMail): Fact {
  return [words[voice.language].number, order.number];
}

export function pageLink({ voice, page }: BuyerMail): Block[] {
  const { open, secret } = words[voice.language];
  return [
    { kind: 'link', label: open, url: page },
    { kind: 'paragraph', text: secret },
  ];
}
