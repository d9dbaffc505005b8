import type { RenderedEmail } from '@liventix/domain/emails';
import type { NoticeFacts, NoticeKind } from '@liventix/domain/notices';
import type { Language, Voice } from '@liventix/shared/voice';
import { type Block, type Fact, renderLetter } from '#emails/letter';

/** What a mail to everybody of an event is made from: the event as it is now, and what opens theirs. */
export interface EventNotice {
  readonly voice: Voice;
  readonly event: {
    readonly title: string;
    readonly venue: string;
    readonly startsAt: Date;
    readonly timezone: string;
  };
  /** Number of the order; null for who got a ticket from somebody else. */
  readonly orderNumber: string | null;
  readonly page: string;
}

interface Words {
  readonly subject: (event: string) => string;
  readonly lead: string;
  readonly next: string;
}

const words: Record<
  Language,
  Record<NoticeKind, Words> & {
    readonly labels: readonly [event: string, when: string, where: string, order: string];
    readonly before: (label: string) => string;
    readonly open: string;
    readonly secret: string;
  }
> = {
  en: {
    labels: ['Event', 'When', 'Where', 'Order'],
    before: (label) => `${label}, before`,
    open: 'Open your tickets',
    secret: 'Whoever has this link has your tickets: keep it to yourself.',
    event_changed: {
      subject: (event) => `Changed: ${event}`,
      lead: 'Something about your event is different from what we told you before. Your tickets are good as they are.',
      next: 'Your page has your tickets, and says whether and until when you can give them back.',
    },
    event_reminder: {
      subject: (event) => `Soon: ${event}`,
      lead: 'Your event is soon. Have the code of each ticket ready at the door, printed or on your phone.',
      next: 'Your page has your tickets with their codes, and to print.',
    },
    event_cancelled: {
      subject: (event) => `Cancelled: ${event}`,
      lead: 'The event of the ticket that was passed on to you will not take place. The ticket is no longer good.',
      next: 'What was paid for it goes back to who bought it. You need not do anything.',
    },
  },
  de: {
    labels: ['Veranstaltung', 'Wann', 'Wo', 'Bestellung'],
    before: (label) => `${label}, vorher`,
    open: 'Ihre Tickets öffnen',
    secret: 'Wer diesen Link hat, hat Ihre Tickets: Geben Sie ihn nicht weiter.',
    event_changed: {
      subject: (event) => `Geändert: ${event}`,
      lead: 'An Ihrer Veranstaltung ist etwas anders, als wir Ihnen zuvor gesagt haben. Ihre Tickets gelten, wie sie sind.',
      next: 'Ihre Seite hat Ihre Tickets und sagt, ob und bis wann Sie sie zurückgeben können.',
    },
    event_reminder: {
      subject: (event) => `Bald: ${event}`,
      lead: 'Ihre Veranstaltung ist bald. Halten Sie am Einlass den Code jedes Tickets bereit, gedruckt oder auf dem Telefon.',
      next: 'Ihre Seite hat Ihre Tickets mit ihren Codes, auch zum Drucken.',
    },
    event_cancelled: {
      subject: (event) => `Abgesagt: ${event}`,
      lead: 'Die Veranstaltung des Tickets, das an Sie weitergegeben wurde, findet nicht statt. Das Ticket gilt nicht mehr.',
      next: 'Was dafür bezahlt wurde, geht an den zurück, der es gekauft hat. Sie müssen nichts tun.',
    },
  },
};

/** An event is soon, was cancelled, or has changed: as it is now, and what it was before. */
export function renderEventNotice(
  notice: EventNotice,
  told: { readonly kind: NoticeKind; readonly facts: NoticeFacts },
): RenderedEmail {
  const { voice, event, orderNumber, page } = notice;
  const said = words[voice.language];
  const { subject, lead, next } = said[told.kind];
  const number: Fact[] = orderNumber === null ? [] : [[said.labels[3], orderNumber]];
  const link: Block[] = [
    { kind: 'link', label: said.open, url: page },
    { kind: 'paragraph', text: said.secret },
  ];
  const blocks: Block[] = [
    { kind: 'paragraph', text: lead },
    { kind: 'facts', rows: [...eventRows(notice, told.facts.before), ...number] },
    { kind: 'paragraph', text: next },
    ...(told.kind === 'event_cancelled' ? [] : link),
  ];
  const reference = orderNumber === null ? '' : ` (${orderNumber})`;
  return renderLetter({
    voice,
    subject: `${subject(event.title)}${reference}`,
    heading: event.title,
    blocks,
  });
}

/** Each line as it is now, and under it as it was, where that was otherwise. */
function eventRows({ voice, event }: EventNotice, before: NoticeFacts['before']): Fact[] {
  const { labels, before: earlier } = words[voice.language];
  const [title, when, where] = labels;
  const date = (at: Date) => voice.date(at, event.timezone);
  const was = (label: string, text: string | undefined): Fact[] =>
    text === undefined ? [] : [[earlier(label), text]];
  return [
    [title, event.title],
    ...was(title, before.title),
    [when, date(event.startsAt)],
    ...was(when, before.starts_at === undefined ? undefined : date(new Date(before.starts_at))),
    [where, event.venue],
    ...was(where, before.venue),
  ];
}
