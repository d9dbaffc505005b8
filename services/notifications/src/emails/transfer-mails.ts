import type { RenderedEmail } from '@liventix/domain/emails';
import type {
  MailTransfer,
  TransferMailKind,
} from '@liventix/domain/emails/transfer-mail-repository';
import { formatSerial } from '@liventix/domain/tickets';
import { type Language, voiceOf } from '@liventix/shared/voice';
import { type Block, renderLetter } from '#emails/letter';

interface Words {
  readonly subject: (event: string) => string;
  readonly lead: (person: string) => string;
  readonly open?: string;
  readonly next: string;
}

const words: Record<
  Language,
  Record<TransferMailKind, Words> & {
    readonly nobody: string;
    readonly labels: readonly [event: string, when: string, where: string, ticket: string];
  }
> = {
  en: {
    nobody: 'Somebody',
    labels: ['Event', 'When', 'Where', 'Ticket'],
    transfer_offered: {
      subject: (event) => `A ticket for ${event} is offered to you`,
      lead: (person) => `${person} passes a ticket on to you.`,
      open: 'Look at the offer',
      next: 'Accept it there, and the ticket is yours; decline it, and it stays where it is. Whoever has this link can accept: keep it to yourself.',
    },
    ticket_received: {
      subject: (event) => `Your ticket for ${event}`,
      lead: () => 'The ticket is yours now. Every code of it from before is worthless.',
      open: 'Open your ticket',
      next: 'Whoever has this link has your ticket: keep it to yourself.',
    },
    transfer_accepted: {
      subject: (event) => `Your ticket for ${event} was accepted`,
      lead: (person) => `${person} has accepted the ticket that you passed on.`,
      next: 'Codes of it that you have are worthless now.',
    },
  },
  de: {
    nobody: 'Jemand',
    labels: ['Veranstaltung', 'Wann', 'Wo', 'Ticket'],
    transfer_offered: {
      subject: (event) => `Ein Ticket für ${event} wird Ihnen angeboten`,
      lead: (person) => `${person} gibt ein Ticket an Sie weiter.`,
      open: 'Das Angebot ansehen',
      next: 'Nehmen Sie es dort an, gehört das Ticket Ihnen; lehnen Sie ab, bleibt es, wo es ist. Wer diesen Link hat, kann annehmen: Geben Sie ihn nicht weiter.',
    },
    ticket_received: {
      subject: (event) => `Ihr Ticket für ${event}`,
      lead: () => 'Das Ticket gehört jetzt Ihnen. Alle früheren Codes dafür sind wertlos.',
      open: 'Ihr Ticket öffnen',
      next: 'Wer diesen Link hat, hat Ihr Ticket: Geben Sie ihn nicht weiter.',
    },
    transfer_accepted: {
      subject: (event) => `Ihr Ticket für ${event} wurde angenommen`,
      lead: (person) => `${person} hat das Ticket angenommen, das Sie weitergegeben haben.`,
      next: 'Codes, die Sie dafür haben, sind jetzt wertlos.',
    },
  },
};

/** People type their names: what looks like a link is not said again. */
const linkLike = /:\/\/|@|www\.|\.\p{L}{2,}/iu;

/** A ticket is offered, was received, or was accepted. `page` is where to look, if there is a place. */
export function renderTransferMail(
  transfer: MailTransfer,
  mail: { readonly kind: TransferMailKind; readonly page: string },
): RenderedEmail {
  const voice = voiceOf(transfer.locale);
  const said = words[voice.language];
  const told = said[mail.kind];
  const name = mail.kind === 'transfer_offered' ? transfer.fromName : transfer.toName;
  const person = name === null || linkLike.test(name) ? said.nobody : name;
  const [event, when, where, ticket] = said.labels;
  const link: Block[] =
    told.open === undefined ? [] : [{ kind: 'link', label: told.open, url: mail.page }];
  return renderLetter({
    voice,
    subject: told.subject(transfer.eventTitle),
    heading: transfer.eventTitle,
    blocks: [
      { kind: 'paragraph', text: told.lead(person) },
      {
        kind: 'facts',
        rows: [
          [event, transfer.eventTitle],
          [when, voice.date(transfer.startsAt, transfer.timezone)],
          [where, transfer.venue],
          [ticket, `${transfer.tierName}, ${formatSerial(transfer.serial)}`],
        ],
      },
      ...link,
      { kind: 'paragraph', text: told.next },
    ],
    attachments: [],
  });
}
