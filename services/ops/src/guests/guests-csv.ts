import { Readable } from 'node:stream';
import { formatSerial } from '@liventix/domain/tickets';
import { type Guest, listGuests } from '@liventix/domain/tickets/guests-repository';
import type { Executor } from '@liventix/shared/db';
import { stringify } from 'csv-stringify';

const columns = ['serial', 'tier', 'holder', 'buyer', 'order', 'status', 'admitted_at'];

/**
 * The guest list as CSV, read while it is sent. Names are people's own: what a spreadsheet would run as
 * a formula is escaped.
 */
export function guestsAsCsv(executor: Executor, eventId: string): Readable {
  const lines = async function* () {
    for await (const page of listGuests(executor, eventId)) {
      yield* page.map(toLine);
    }
  };
  return Readable.from(lines()).compose(
    stringify({ header: true, columns, escape_formulas: true }),
  );
}

function toLine(guest: Guest): string[] {
  return [
    formatSerial(guest.serial),
    guest.tier,
    guest.holder ?? '',
    guest.buyer ?? '',
    guest.order,
    guest.status,
    guest.admittedAt?.toISOString() ?? '',
  ];
}
