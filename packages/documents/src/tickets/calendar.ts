import ical, { ICalCalendarMethod } from 'ical-generator';

/** An event as an entry of a calendar. */
export interface CalendarEntry {
  readonly eventId: string;
  readonly title: string;
  readonly venue: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Where its tickets are. */
  readonly url: string;
}

/** RFC 5545. An event's entry keeps its uid, so that one that has moved takes the place of the old. */
export function calendarOf(entry: CalendarEntry): string {
  const calendar = ical({
    prodId: { company: 'Liventix', product: 'Tickets' },
    method: ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    id: `${entry.eventId}@liventix`,
    start: entry.startsAt,
    end: entry.endsAt,
    stamp: entry.startsAt,
    summary: entry.title,
    location: entry.venue,
    url: entry.url,
  });
  return calendar.toString();
}
