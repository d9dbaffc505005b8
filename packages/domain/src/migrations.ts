/** Where the SQL lies, for the migration runner and for test databases. */
export const migrations = new URL('../migrations/', import.meta.url);

/** The newest migration this code relies on: a service refuses to start on a schema without it. */
export const requiredSchema = '20261124006601_holders_in_plain_letters.sql';
