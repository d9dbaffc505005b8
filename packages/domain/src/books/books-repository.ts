import { readdirSync, readFileSync } from 'node:fs';
import type { Database, Executor } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import { z } from 'zod';
import {
  type Invariant,
  parseInvariant,
  type Verdict,
  type Violation,
  type WalkedTable,
} from './invariant.ts';

const directory = new URL('../../invariants/', import.meta.url);

/** Every rule of the books, by name. */
export function loadInvariants(): Invariant[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => {
      const text = readFileSync(new URL(file, directory), 'utf8');
      return parseInvariant(file.slice(0, -'.sql'.length), text);
    });
}

export interface AuditOptions {
  /** Only these; all when absent. */
  readonly invariants?: readonly Invariant[];
  /** How long a thing may be under way before a rule `at rest` is broken by it. */
  readonly graceS?: number;
  /** Called between two statements with the time the first took: who audits beside sales, rests. */
  readonly rest?: (tookMs: number) => Promise<void>;
  /** Ends the audit before its next statement; the invariant under way gets no verdict. */
  readonly signal?: AbortSignal;
  /** Rows of a table that one statement is about. */
  readonly sliceRows?: number;
}

/** Violations a verdict names. The others are counted. */
export const violationsMax = 20;

/** A stuck message or hold is somebody's business after a quarter of an hour. */
const usualGraceS = 900;

/** An event may have a million tickets, another row of a table one or a few of anything. */
const usualRows = { events: 20, others: 20_000 };

const noId = '00000000-0000-0000-0000-000000000000';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Slice {
  readonly from: string;
  readonly to: string;
}

interface Audit {
  readonly executor: Executor;
  readonly options: AuditOptions;
  /** Where the slices of a table begin and end: found once for all invariants split by it. */
  readonly slices: Map<WalkedTable, readonly Slice[]>;
}

/**
 * Asks each invariant for what breaks it, and says of each what was found. A statement is a snapshot
 * of its own, so a rule that holds always holds in it, whatever goes on meanwhile. Big tables are
 * read in slices: a statement of minutes would keep vacuum from the rows that sales update. What
 * cannot be asked is `unknown`, and the others are asked all the same.
 */
export async function* auditBooks(
  database: Database,
  options: AuditOptions = {},
): AsyncGenerator<Verdict, void, void> {
  const audit = { executor: database.pool, options, slices: new Map() };
  for (const invariant of options.invariants ?? loadInvariants()) {
    const verdict = await judge(audit, invariant);
    if (verdict === undefined) {
      return;
    }
    yield verdict;
  }
}

/** Undefined when the audit was told to end. */
async function judge(audit: Audit, invariant: Invariant): Promise<Verdict | undefined> {
  const { signal, rest } = audit.options;
  const violations: Violation[] = [];
  let found = 0;
  let ms = 0;
  try {
    for (const slice of await slicesOf(audit, invariant.by)) {
      if (signal?.aborted === true) {
        return undefined;
      }
      const startedMs = performance.now();
      const rows = await ask(audit, invariant, slice);
      const tookMs = performance.now() - startedMs;
      ms += tookMs;
      found += rows.length;
      violations.push(...rows.slice(0, violationsMax - violations.length));
      await rest?.(tookMs);
    }
  } catch (error) {
    const reason = coerceError(error).message;
    return { invariant, kind: 'unknown', violations, found, reason, ms };
  }
  return { invariant, kind: found === 0 ? 'held' : 'broken', violations, found, ms };
}

const violationRow = z.looseObject({ id: z.string() });

/** Rows a statement may give: enough to see that all is wrong, and no flood. */
const rowsMax = 1_000;

async function ask(audit: Audit, invariant: Invariant, slice: Slice): Promise<Violation[]> {
  const { graceS = usualGraceS } = audit.options;
  // knex reads a bare ? as a binding.
  const sql = invariant.sql.replaceAll('?', '\\?');
  const { rows } = await audit.executor.raw(
    `select * from (${sql}) violations order by id limit ${rowsMax}`,
    { ...slice, graceS },
  );
  return z.array(violationRow).parse(rows);
}

async function slicesOf(audit: Audit, by: Invariant['by']): Promise<readonly Slice[]> {
  if (by === 'whole') {
    return [{ from: noId, to: lastId }];
  }
  const known = audit.slices.get(by);
  if (known !== undefined) {
    return known;
  }
  const slices = await cutIntoSlices(audit, by);
  audit.slices.set(by, slices);
  return slices;
}

/** Walks the primary key. What is inserted from now on belongs to the last slice. */
async function cutIntoSlices(audit: Audit, table: WalkedTable): Promise<Slice[]> {
  const { events, others } = usualRows;
  const rows = audit.options.sliceRows ?? (table === 'events' ? events : others);
  const slices: Slice[] = [];
  for (let from = noId; from !== lastId; ) {
    const to: string = (await idAfter(audit.executor, { table, from, rows })) ?? lastId;
    slices.push({ from, to });
    from = to;
  }
  return slices;
}

async function idAfter(
  executor: Executor,
  at: { readonly table: WalkedTable; readonly from: string; readonly rows: number },
): Promise<string | undefined> {
  const { rows } = await executor.raw(
    'select id from :table: where id > :from order by id offset :skipped limit 1',
    { table: at.table, from: at.from, skipped: at.rows - 1 },
  );
  return z.object({ id: z.string() }).optional().parse(rows[0])?.id;
}
