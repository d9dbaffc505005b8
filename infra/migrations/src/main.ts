import { loadConfig } from './config.ts';
import { migrateDatabase } from './migrate.ts';

const { applied } = await migrateDatabase(loadConfig().DATABASE_URL);
process.stdout.write(
  applied.length === 0 ? 'Nothing to apply.\n' : `Applied ${applied.join(', ')}.\n`,
);
