import { Readable } from 'node:stream';
import { type ExportedEntry, exportEntries } from '@liventix/domain/ledger/export-repository';
import type { Executor } from '@liventix/shared/db';
import { stringify } from 'csv-stringify';

const columns = [
  'day',
  'at',
  'payout',
  'event',
  'order',
  'kind',
  'account',
  // Apart, so that no amount begins with a minus, which would pass for a formula.
  'debit_minor_units',
  'credit_minor_units',
  'currency',
  'transaction',
  'cause',
];

/**
 * The ledger as CSV, read while it is sent: no export is ever whole in memory. What a spreadsheet
 * would run as a formula is escaped.
 */
export function entriesAsCsv(
  executor: Executor,
  of: { readonly organizationId: string; readonly from: Date; readonly until: Date },
): Readable {
  const lines = async function* () {
    for await (const page of exportEntries(executor, of)) {
      yield* page.map(toLine);
    }
  };
  return Readable.from(lines()).compose(
    stringify({ header: true, columns, escape_formulas: true }),
  );
}

function toLine(entry: ExportedEntry): (string | number)[] {
  const at = entry.at.toISOString();
  return [
    at.slice(0, 10),
    at,
    entry.payout ?? '',
    entry.event ?? '',
    entry.order ?? '',
    entry.kind,
    entry.account,
    Math.max(0, entry.amountCents),
    Math.max(0, -entry.amountCents),
    entry.currency,
    entry.transactionId,
    entry.cause,
  ];
}
