import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '@liventix/domain/books';
import { auditBooks } from '@liventix/domain/books/repository';
import { readHealthSnapshot } from '@liventix/domain/books/snapshot-repository';
import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import type { Database } from '@liventix/shared/db';
import type { Log } from '@liventix/shared/telemetry/logger';
import { createGauge } from '@liventix/shared/telemetry/metrics';

export interface AuditBooksDeps {
  readonly db: Database;
  /** A connection of its own, whose statements may take longer. */
  readonly books: Database;
  readonly log: Log;
}

const violations = createGauge({
  name: 'books_violations',
  help: 'Violations of a rule of the books that its last audit found.',
  labelNames: ['invariant'],
});
const rules = createGauge({
  name: 'books_rules',
  help: 'Rules of the books by what the last whole audit said of them: held, broken, unknown.',
  labelNames: ['outcome'],
});
const audited = createGauge({
  name: 'books_audited_seconds',
  help: 'When the last whole audit of the books ended, in seconds since 1970.',
  labelNames: [],
});

const unexplained = createGauge({
  name: 'unexplained_cents',
  help: 'Money that came and is neither tickets, given back nor owed, or tickets whose money never came.',
  labelNames: ['currency'],
});

/** Violations an incident names: what a person needs to begin with. */
const namedMax = 5;

/**
 * Audits the books and tells what it finds: it opens an incident for each broken rule, closes that of
 * a rule which holds again, and repairs nothing. It rests as long as it works, so that sales beside
 * it have the database for at least half of the time. Ends early, without a tally, when told to stop.
 */
export async function auditAllBooks(deps: AuditBooksDeps, stopping: AbortSignal): Promise<void> {
  const tally = { held: 0, broken: 0, unknown: 0 };
  const rest = async (tookMs: number) =>
    await sleep(tookMs, undefined, { signal: stopping }).catch(() => undefined);
  for await (const verdict of auditBooks(deps.books, { rest, signal: stopping })) {
    tally[verdict.kind] += 1;
    await tell(deps, verdict);
  }
  if (stopping.aborted) {
    return;
  }
  for (const [outcome, count] of Object.entries(tally)) {
    rules.set({ outcome }, count);
  }
  for (const { currency, unexplainedCents } of (await readHealthSnapshot(deps.books.pool)).money) {
    unexplained.set({ currency }, unexplainedCents);
  }
  audited.setToCurrentTime();
  deps.log.info(tally, 'books audited');
}

async function tell(deps: AuditBooksDeps, verdict: Verdict): Promise<void> {
  const { invariant, kind, found } = verdict;
  const object = { objectType: 'invariant', objectId: invariant.name } as const;
  switch (kind) {
    case 'unknown':
      // Nothing is known, so what is open stays open.
      deps.log.warn({ invariant: invariant.name, reason: verdict.reason }, 'a rule was not asked');
      return;
    case 'held':
      violations.set({ invariant: invariant.name }, 0);
      await deps.db.inTransaction(async (tx) => await resolveIncidentsOf(tx, object));
      return;
    case 'broken': {
      violations.set({ invariant: invariant.name }, found);
      const named = verdict.violations.slice(0, namedMax);
      const ids = named.map(({ id }) => id);
      deps.log.error({ invariant: invariant.name, found, ids }, 'a rule of the books is broken');
      await openIncident(deps.db.pool, {
        kind: 'books.broken',
        ...object,
        message: messageOf(verdict),
        details: { found, violations: named },
      });
      return;
    }
    default:
      kind satisfies never;
  }
}

function messageOf({ invariant: { rule, holds } }: Verdict): string {
  return holds === 'always'
    ? `The books break a rule: ${rule} Nothing was repaired: run ./liventix verify.`
    : `Something takes too long: ${rule} Look whether Stripe, Resend or a worker is down.`;
}
