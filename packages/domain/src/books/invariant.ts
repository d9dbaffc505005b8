/** Tables whose ids an invariant may be split by. Each is walked by its primary key, a UUIDv7. */
export const walkedTables = [
  'orders',
  'events',
  'tickets',
  'payments',
  'refunds',
  'emails',
  'ledger_transactions',
] as const;
export type WalkedTable = (typeof walkedTables)[number];

/** A rule of the books, as its file in `invariants/` says it. */
export interface Invariant {
  readonly name: string;
  /** What must be true, in words. */
  readonly rule: string;
  /** `at rest`: broken for a while whenever something is slow, and for good only when it is lost. */
  readonly holds: 'always' | 'at rest';
  /** The table whose ids split it into short statements; or one statement for the whole. */
  readonly by: WalkedTable | 'whole';
  /** Gives a row for each violation, which it names in `id`. */
  readonly sql: string;
}

/** One violation: `id` says of what, the other columns say how. No column holds a person's data. */
export interface Violation {
  readonly id: string;
  readonly [column: string]: unknown;
}

export interface Verdict {
  readonly invariant: Invariant;
  /** `unknown`: the question could not be answered, so nothing is said about the books. */
  readonly kind: 'held' | 'broken' | 'unknown';
  /** The first of them, or none. */
  readonly violations: readonly Violation[];
  /** How many there are, as far as was counted. */
  readonly found: number;
  /** Why it is unknown. */
  readonly reason?: string;
  /** Time in the database, rests not counted. */
  readonly ms: number;
}

const heading = /^-- (?<rule>[^\n]+)\n-- holds: (?<holds>[^\n]+)\n-- by: (?<by>[^\n]+)\n/;

/** Reads a file of `invariants/`. A heading that says something else than it may is refused. */
export function parseInvariant(name: string, text: string): Invariant {
  const { rule = '', holds, by } = heading.exec(text)?.groups ?? {};
  const walked = walkedTables.find((table) => table === by);
  const table = by === 'whole' ? by : walked;
  if ((holds !== 'always' && holds !== 'at rest') || table === undefined) {
    throw new Error(`${name}.sql needs the lines: its rule, "holds: always" or "at rest", "by: …"`);
  }
  const sql = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n');
  const isSplit = /:from\b/.test(sql) && /:to\b/.test(sql);
  if (isSplit !== (table !== 'whole')) {
    throw new Error(`${name}.sql is split by ${table}, and its :from and :to say otherwise`);
  }
  return { name, rule, holds, by: table, sql };
}
