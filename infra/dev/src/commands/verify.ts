import type { Verdict } from '@liventix/domain/books';
import { toSnapshotView } from '@liventix/domain/books/health-snapshot';
import { auditBooks } from '@liventix/domain/books/repository';
import { readHealthSnapshot } from '@liventix/domain/books/snapshot-repository';
import { requiredSchema } from '@liventix/domain/migrations';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { requireSchema } from '@liventix/shared/db/migrate';
import { connectStripe } from '@liventix/shared/stripe';
import { z } from 'zod';
import { compareWithStripe, type StripeComparison } from '#verify/stripe-books';
import { toStripeView, toVerdictView } from '#verify/views';
import { type Books, findBooks } from '#verify/where';
import { printSnapshot } from './snapshot.ts';
import { print, say } from './terminal.ts';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  stripe: z.boolean().default(false),
  days: z.coerce.number().int().min(1).max(3_650),
  grace: z.coerce.number().int().min(0).max(1_000_000),
});
type Options = z.output<typeof optionsSchema>;

/** A whole table may have to be read: longer than any statement beside sales may take. */
const statementMs = 120_000;

/** Proves the books, and prints what breaks them. Exits 1 when something does, or was not asked. */
export async function verify(given: Readonly<Record<string, unknown>>): Promise<void> {
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) {
    throw new Error('--days and --grace are whole numbers');
  }
  const options = parsed.data;
  const startedMs = performance.now();
  const books = findBooks();
  await using db = connectDatabase({
    url: books.databaseUrl,
    poolMax: 2,
    applicationName: 'liventix-verify',
    statementTimeoutMs: statementMs,
  });
  await requireSchema(db.pool, requiredSchema);
  const verdicts = await judge(db, options);
  const stripe = options.stripe ? await compare(db, books, options) : undefined;
  const snapshot = toSnapshotView(await readHealthSnapshot(db.pool));
  const isSound =
    verdicts.every(({ kind }) => kind === 'held') && (stripe?.differences ?? []).length === 0;
  const tookMs = Math.round(performance.now() - startedMs);
  if (options.json) {
    const proof = {
      sound: isSound,
      took_ms: tookMs,
      snapshot,
      invariants: verdicts.map(toVerdictView),
      ...(stripe !== undefined && { stripe: toStripeView(stripe) }),
    };
    print(JSON.stringify(proof));
  } else {
    printStripe(stripe);
    printSnapshot(snapshot);
    const held = verdicts.filter(({ kind }) => kind === 'held').length;
    print(`\n${held} of ${verdicts.length} rules hold, in ${(tookMs / 1_000).toFixed(1)} s`);
  }
  process.exitCode = isSound ? 0 : 1;
}

async function judge(db: Database, options: Options): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for await (const verdict of auditBooks(db, { graceS: options.grace })) {
    verdicts.push(verdict);
    if (!options.json) {
      printVerdict(verdict);
    }
  }
  return verdicts;
}

async function compare(db: Database, books: Books, options: Options): Promise<StripeComparison> {
  if (books.stripe === undefined) {
    throw new Error('STRIPE_SECRET_KEY is not set: there is nobody to compare with');
  }
  if (!options.json) {
    say(`Reading the last ${options.days} days from Stripe`);
  }
  return await compareWithStripe({
    stripe: connectStripe({ ...books.stripe, timeoutMs: 30_000, retries: 3 }),
    executor: db.pool,
    since: new Date(Date.now() - options.days * 86_400_000),
    graceS: options.grace,
  });
}

const marks: Readonly<Record<Verdict['kind'], string>> = {
  held: 'held   ',
  broken: 'BROKEN ',
  unknown: 'UNKNOWN',
};

function printVerdict({ invariant, kind, violations, found, reason, ms }: Verdict): void {
  print(`${marks[kind]}  ${invariant.name}  ${(ms / 1_000).toFixed(1)} s`);
  if (kind === 'held') {
    return;
  }
  print(`         ${reason ?? invariant.rule}`);
  for (const violation of violations) {
    print(`         ${JSON.stringify(violation)}`);
  }
  if (found > violations.length) {
    print(`         and ${found - violations.length} more`);
  }
}

function printStripe(compared: StripeComparison | undefined): void {
  if (compared === undefined) {
    return;
  }
  const { payments, refunds, differences } = toStripeView(compared);
  print(`\nStripe: ${payments} payments and ${refunds} refunds compared`);
  for (const { object, what, stripe_id: id, our_id: ours, here, there } of differences) {
    print(`DIFFERS  ${object} ${id} (ours: ${ours ?? 'none'}): ${what.replaceAll('_', ' ')}`);
    print(`         here ${JSON.stringify(here)}, there ${JSON.stringify(there)}`);
  }
}
