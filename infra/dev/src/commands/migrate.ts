import { migrateDatabase } from '@liventix/migrations/migrate';
import { readEnvironment } from '#config';
import { print } from './terminal.ts';

/** Applies what DATABASE_URL lacks. */
export async function migrate(): Promise<void> {
  const { DATABASE_URL } = readEnvironment();
  if (DATABASE_URL === undefined) {
    throw new Error('DATABASE_URL is not set: there is no database to migrate');
  }
  const { applied } = await migrateDatabase(DATABASE_URL);
  print(applied.length === 0 ? 'Nothing to apply.' : `Applied ${applied.join(', ')}.`);
}
