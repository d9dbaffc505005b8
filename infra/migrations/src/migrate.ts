import { migrations } from '@liventix/domain/migrations';
import { connectDatabase } from '@liventix/shared/db';
import { migrate } from '@liventix/shared/db/migrate';

/** Brings a database to the newest schema. Safe to run at once and again. */
export async function migrateDatabase(url: string): Promise<{ applied: string[] }> {
  await using database = connectDatabase({
    url,
    poolMax: 1,
    applicationName: 'migrate',
    statementTimeoutMs: 600_000,
  });
  return await migrate(database, migrations);
}
