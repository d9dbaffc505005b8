import { inert } from '@liventix/shared/html';
import { type Language, voiceOf } from '@liventix/shared/voice';

/** Tickets of one event to be printed, a page each. */
export interface TicketSheet {
  /** Whose language and dates it speaks: a BCP 47 tag. */
  readonly locale: string;
  readonly event: {
    readonly title: string;
    readonly venue: string;
    readonly startsAt: Date;
    readonly timezone: string;
  };
  readonly tickets: readonly PrintedTicket[];
}

export interface PrintedTicket {
  readonly tier: string;
  readonly serial: string;
  readonly holder: string | null;
  /** What the code at the door holds. */
  readonly code: string;
}

/** What the template sets: every text as it stands on the page. */
export interface PrintedSheet {
  readonly language: Language;
  readonly title: string;
  readonly facts: readonly string[];
  readonly tickets: readonly {
    readonly name: string;
    readonly holder: string;
    readonly alt: string;
    readonly code: string;
  }[];
}

const words = {
  en: { serial: 'No.', alt: 'Code of ticket' },
  de: { serial: 'Nr.', alt: 'Code des Tickets' },
} satisfies Record<Language, unknown>;

/** The texts of a sheet. Names are people's own: they cannot change the page that they stand on. */
export function printed({ locale, event, tickets }: TicketSheet): PrintedSheet {
  const voice = voiceOf(locale);
  const { serial, alt } = words[voice.language];
  return {
    language: voice.language,
    title: settable(event.title),
    facts: [voice.date(event.startsAt, event.timezone), settable(event.venue)],
    tickets: tickets.map((ticket) => ({
      name: `${settable(ticket.tier)} · ${serial} ${ticket.serial}`,
      holder: settable(ticket.holder ?? ''),
      alt: `${alt} ${ticket.serial}`,
      code: ticket.code,
    })),
  };
}

/** A word longer than the page is wide would run off it. */
const unbrokenWord = /\S{24}(?=\S)/gu;

function settable(text: string): string {
  return inert(text).replaceAll(unbrokenWord, '$&\u200b');
}
