import { type CalendarEntry, calendarOf } from '@liventix/documents/calendar';
import type { PrintedTicket } from '@liventix/documents/ticket-sheet';
import type { SoldEvent } from '@liventix/domain/events/repository';
import { formatSerial, qrPayload, showsCode, type Ticket } from '@liventix/domain/tickets';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';

/** What the code of a ticket holds. */
export function codeOf(ticket: Ticket): string {
  const code = showsCode(ticket) ? qrPayload(ticket) : undefined;
  if (code === undefined) {
    throw refused('ticket.not_found', 'This ticket admits nobody any more, so it has no code.');
  }
  return code;
}

export function printedTicket(ticket: Ticket): PrintedTicket {
  return {
    tier: ticket.tierName,
    serial: formatSerial(ticket.serial),
    holder: ticket.holderName,
    code: codeOf(ticket),
  };
}

/** `path` is where the tickets are. */
export function calendarFile(
  deps: Pick<Deps, 'config'>,
  { event, path }: { readonly event: SoldEvent; readonly path: string },
): string {
  const entry: CalendarEntry = {
    eventId: event.id,
    title: event.title,
    venue: event.venue,
    startsAt: event.startsAt,
    endsAt: event.endsAt,
    url: new URL(path, deps.config.PUBLIC_URL).toString(),
  };
  return calendarOf(entry);
}
