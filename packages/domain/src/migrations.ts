/** Where the SQL lies, for the migration runner and for test databases. */
export const migrations = new URL('../migrations/', import.meta.url);

/** The newest migration this code relies on: a service refuses to start on a schema without it. */
export const requiredSchema = '20261124006500_search_by_whole_names.sql';
