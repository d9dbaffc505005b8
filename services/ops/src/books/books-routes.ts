import {
  balancesQuery,
  balancesView,
  exportQuery,
  healthSnapshotView,
} from '@liventix/contracts/api/books';
import { toSnapshotView } from '@liventix/domain/books/health-snapshot';
import { readHealthSnapshot } from '@liventix/domain/books/snapshot-repository';
import { readBalances } from '@liventix/domain/ledger/repository';
import { AppError } from '@liventix/shared/errors';
import type { HttpApp } from '@liventix/shared/http';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import { entriesAsCsv } from '#books/entries-csv';
import type { Deps } from '#deps';
import { ownEvent } from '#events/own-event';

export function booksRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/health-snapshot',
    action: 'read',
    summary: 'The state of the organization in a few numbers',
    description:
      'Orders, tickets and money as they are now. `unexplained_cents` is money that came and is neither tickets, given back nor owed, or tickets whose money never came: it should be 0.',
    tag: 'Books',
    answers: { 200: healthSnapshotView },
    handler: async ({ credential: { organizationId } }) =>
      toSnapshotView(await readHealthSnapshot(deps.books.pool, { organizationId })),
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/books',
    action: 'read',
    summary: 'What stands in each account of the ledger, of all events or of one',
    description: 'Debits above zero, credits below; docs/ledger.md says what the accounts are.',
    tag: 'Books',
    querystring: balancesQuery,
    answers: { 200: balancesView },
    problems: ['event.not_found'],
    handler: async ({ credential, query }) => {
      const event = query.event && (await ownEvent(deps, credential, query.event));
      const balances = await readBalances(deps.books.pool, {
        organizationId: credential.organizationId,
        ...(event && { eventId: event.id }),
      });
      return {
        balances: balances.map(({ account, currency, balanceCents }) => ({
          account,
          currency,
          balance_cents: balanceCents,
        })),
      };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/books/entries.csv',
    action: 'read',
    summary: 'The ledger as a table for accountants, by day and payout',
    tag: 'Books',
    querystring: exportQuery,
    media: 'text/csv',
    answers: {},
    problems: ['export.period_invalid'],
    handler: async ({ credential, query }) => {
      const { organizationId } = credential;
      const [from, until] = [new Date(query.from), new Date(query.until)];
      const days = (until.getTime() - from.getTime()) / 86_400_000;
      if (days < 1 || days > 366) {
        throw new AppError('export.period_invalid', {
          message: 'Name a day and a later one, at most 366 days apart.',
          retry: 'permanent',
        });
      }
      await deps.db.inTransaction(
        async (tx) =>
          await recordAct(tx, credential, {
            action: 'export.books',
            objectType: 'organization',
            objectId: organizationId,
            facts: { from: query.from, until: query.until },
          }),
      );
      return entriesAsCsv(deps.db.pool, { organizationId, from, until });
    },
  });
}
