import { healthSnapshotView } from '@liventix/contracts/api/books';
import { toSnapshotView } from '@liventix/domain/books/health-snapshot';
import { readHealthSnapshot } from '@liventix/domain/books/snapshot-repository';
import type { HttpApp } from '@liventix/shared/http';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';

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
      toSnapshotView(await readHealthSnapshot(deps.db.pool, { organizationId })),
  });
}
