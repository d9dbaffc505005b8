import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type {} from 'vitest';
import { connectDatabase, type Database } from '#db/db';
import { migrate } from '#db/migrate';
import { waitFor } from './wait.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres on which tests make databases of their own. */
    databaseUrl: string;
    redisUrl: string;
  }
}

/** What a statement may take: a machine that stands still for seconds fails no test. */
const statementTimeoutMs = 60_000;

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly db: Database;
}

/**
 * A database of its own for one test file: a clone of a template that is migrated once for each
 * state of the migrations. Dropped on dispose.
 */
export async function createTestDatabase(options: {
  readonly url: string;
  readonly migrations: URL;
  readonly onCommitted?: (announced: readonly unknown[]) => void;
}): Promise<TestDatabase> {
  await using admin = connectDatabase({ url: options.url, poolMax: 1, statementTimeoutMs });
  const template = await prepareTemplate(admin, options);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await lockedTemplate(admin, async () => {
    await admin.pool.raw('create database ?? template ??', [name, template]);
  });
  const url = withDatabase(options.url, name);
  const db = connectDatabase({
    url,
    poolMax: 10,
    statementTimeoutMs,
    ...(options.onCommitted && { onCommitted: options.onCommitted }),
  });
  return {
    url,
    db,
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await using cleaner = connectDatabase({ url: options.url, poolMax: 1, statementTimeoutMs });
      await cleaner.pool.raw('drop database if exists ?? with (force)', [name]);
    },
  };
}

/** Until so many statements of this database wait for somebody's lock. */
export async function lockIsWaitedFor(
  db: Database,
  { by = 1, what }: { readonly by?: number; readonly what: string },
): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await db.pool.raw(
        `select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length === by;
    },
    { what },
  );
}

async function prepareTemplate(
  admin: Database,
  options: { readonly url: string; readonly migrations: URL },
): Promise<string> {
  const template = `template_${await contentHash(options.migrations)}`;
  await lockedTemplate(admin, async () => {
    const { rows } = await admin.pool.raw('select 1 from pg_database where datname = ?', [
      template,
    ]);
    if (rows.length > 0) {
      return;
    }
    const draft = `${template}_draft`;
    await admin.pool.raw('drop database if exists ??', [draft]);
    await admin.pool.raw('create database ??', [draft]);
    {
      const url = withDatabase(options.url, draft);
      await using fresh = connectDatabase({ url, poolMax: 1, statementTimeoutMs });
      await migrate(fresh, options.migrations);
    }
    // Renamed only when complete: a run that died in between leaves no half template behind.
    await admin.pool.raw('alter database ?? rename to ??', [draft, template]);
  });
  return template;
}

/** A session's lock, since neither creating nor renaming a database may stand in a transaction. */
async function lockedTemplate(admin: Database, work: () => Promise<void>): Promise<void> {
  await admin.pool.raw('set lock_timeout = 0');
  await admin.pool.raw('select pg_advisory_lock(4211020902)');
  try {
    await work();
  } finally {
    await admin.pool.raw('select pg_advisory_unlock(4211020902)');
  }
}

async function contentHash(directory: URL): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(directory)).sort()) {
    hash.update(file).update(await readFile(new URL(file, directory)));
  }
  return hash.digest('hex').slice(0, 16);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}
