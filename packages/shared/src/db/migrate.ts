import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '#errors/errors';
import type { Database, Executor, Transaction } from './db.ts';

/** Any number that nobody else uses: it names the lock under which migrations run. */
const migrationLock = 4_211_020_901;

/** A migration that old code cannot live with starts with this line. */
const breakingMark = '-- breaking';

/**
 * Applies the *.sql files of a directory that are not applied yet, in the order of their names,
 * each in a transaction of its own. Runners queue for one lock, so two at once apply each once.
 */
export async function migrate(database: Database, directory: URL): Promise<{ applied: string[] }> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  await prepare(database);
  const applied: string[] = [];
  for (const file of files) {
    const sql = await readFile(new URL(file, directory), 'utf8');
    if (await database.inTransaction(async (tx) => await applyOnce(tx, file, sql))) {
      applied.push(file);
    }
  }
  return { applied };
}

async function prepare(database: Database): Promise<void> {
  await database.inTransaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(:migrationLock)', { migrationLock });
    await tx.raw(
      `create table if not exists schema_migrations (
         name text primary key,
         breaking boolean not null,
         applied_at timestamptz not null default now()
       )`,
    );
  });
}

async function applyOnce(tx: Transaction, file: string, sql: string): Promise<boolean> {
  await tx.raw('set local lock_timeout = 0');
  await tx.raw('set local statement_timeout = 0');
  await tx.raw('select pg_advisory_xact_lock(:migrationLock)', { migrationLock });
  const { rowCount } = await tx.raw(
    `insert into schema_migrations (name, breaking) values (:file, :breaking)
     on conflict (name) do nothing`,
    { file, breaking: sql.startsWith(breakingMark) },
  );
  if (rowCount === 0) {
    return false;
  }
  // knex reads a bare ? as a binding, even with none given.
  await tx.raw(sql.replaceAll('?', '\\?'));
  return true;
}

/**
 * Refuses a schema that lacks the migration this code needs, or that has a breaking one beyond it.
 */
export async function requireSchema(executor: Executor, needed: string): Promise<void> {
  const { rows } = await executor.raw(
    `select to_regclass('schema_migrations') is not null as "hasTable"`,
  );
  const { hasTable } = z.object({ hasTable: z.boolean() }).parse(rows[0]);
  const known = hasTable
    ? await executor.raw(
        `select exists (select 1 from schema_migrations where name = :needed) as "isThere",
                (select min(name) from schema_migrations where breaking and name > :needed)
                  as "breaking"`,
        { needed },
      )
    : { rows: [{ isThere: false, breaking: null }] };
  const state = z
    .object({ isThere: z.boolean(), breaking: z.string().nullable() })
    .parse(known.rows[0]);
  if (!state.isThere) {
    throw new AppError('schema.too_old', {
      message: `The database lacks the migration ${needed}: run ./liventix migrate first.`,
      retry: 'permanent',
    });
  }
  if (state.breaking !== null) {
    throw new AppError('schema.too_new', {
      message: `The database has ${state.breaking}, which this release cannot work with.`,
      retry: 'permanent',
    });
  }
}
