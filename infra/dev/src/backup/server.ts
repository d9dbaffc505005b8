import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@liventix/shared/errors';
import pg from 'pg';
import { z } from 'zod';

const serverRow = z.object({
  dataDir: z.string(),
  archiveMode: z.string(),
  archiveCommand: z.string(),
  systemIdentifier: z.string(),
  walSegmentBytes: z.coerce.number().int(),
  tablespaces: z.array(z.string()),
});
/** What a backup has to know of the server it is of. */
export type Server = z.output<typeof serverRow>;

/** Longer than a checkpoint of a busy server takes; without it a backup may hang for ever. */
const statementMs = 600_000;

/** A connection of which every wait is bounded. */
export async function connectServer(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'liventix-backup',
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementMs,
    keepAlive: true,
  });
  // A connection that ends is an error of the statement that waits for it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Asks what it is, and refuses with what to do when it cannot be backed up from here. */
export async function askServer(client: pg.Client): Promise<Server> {
  const { rows } = await client.query(
    `select current_setting('data_directory') as "dataDir",
            current_setting('archive_mode') as "archiveMode",
            current_setting('archive_command') as "archiveCommand",
            (select system_identifier::text from pg_control_system()) as "systemIdentifier",
            (select setting from pg_settings where name = 'wal_segment_size') as "walSegmentBytes",
            array(select spcname::text from pg_tablespace
                   where spcname not in ('pg_default', 'pg_global')) as tablespaces`,
  );
  const server = serverRow.parse(rows[0]);
  if (server.archiveMode === 'off') {
    throw refused(
      'backup.no_archive',
      'This server archives nothing: set archive_mode = on in its postgresql.conf and start it again.',
    );
  }
  if (server.tablespaces.length > 0) {
    throw refused(
      'backup.tablespaces',
      `This server keeps data in tablespaces of its own (${server.tablespaces.join(', ')}), which a copy of its data folder leaves out. Use pgBackRest, WAL-G or pg_basebackup: docs/backup.md.`,
    );
  }
  if (!mayRead(server.dataDir)) {
    throw refused(
      'backup.elsewhere',
      `The data of this server (${server.dataDir}) is not on this machine, or may not be read by this user. Run the backup there, as root or as Postgres' own user, or use pgBackRest, WAL-G or your provider's: docs/backup.md.`,
    );
  }
  await refuseSecond(client);
  return server;
}

function mayRead(dataDir: string): boolean {
  try {
    return existsSync(join(dataDir, 'PG_VERSION')) && statSync(dataDir).isDirectory();
  } catch {
    return false;
  }
}

/** Whatever draft lies about while this is held is of a run that died. It ends with the connection. */
export async function refuseSecond(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select pg_try_advisory_lock(hashtext('liventix/backup')) as "isFirst"`,
  );
  if (rows[0].isFirst !== true) {
    throw refused('backup.running', 'Another backup of this server runs. Wait until it has ended.');
  }
}

/**
 * Has WAL written into this folder from now on. A segment is written whole or not at all, and never over
 * another (postgresql.org/docs/18, 25.3.1).
 */
export async function archiveInto(client: pg.Client, wal: string, server: Server): Promise<void> {
  await requireWritable(client, wal);
  const command = archiveCommandFor(wal);
  if (server.archiveCommand !== command) {
    await client.query(`alter system set archive_command = ${client.escapeLiteral(command)}`);
    await client.query(`alter system set archive_timeout = '60s'`);
    await client.query('select pg_reload_conf()');
  }
}

/** What infra/compose.yaml says too: there the server is told when it starts. */
export function archiveCommandFor(wal: string): string {
  const target = `"${wal}/%f"`;
  const draft = `"${wal}/.%f.tmp"`;
  return `if [ -f ${target} ]; then cmp -s "%p" ${target}; else cp "%p" ${draft} && sync ${draft} && mv ${draft} ${target}; fi`;
}

/**
 * Asked of the server itself, which runs as another user, and maybe in another container: where it
 * cannot write, its WAL would collect until its disk is full.
 */
async function requireWritable(client: pg.Client, wal: string): Promise<void> {
  const command = `test -d "${wal}" && test -w "${wal}"`;
  try {
    await client.query(`copy (select 1 where false) to program ${client.escapeLiteral(command)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith('38')) {
      throw error;
    }
    const { rows } = await client.query('select session_user as name');
    throw refused(
      'backup.not_writable',
      `Postgres cannot write into ${wal}: the user its server runs as must be able to enter every folder above it and own that one. Name another --folder, or give it to that user (you asked as ${rows[0].name}).`,
    );
  }
}

const canceled = '57014';

/**
 * Ends the backup when all of its WAL is archived. Where archiving fails that is never: it is waited for
 * so long, and then said what the server says of it.
 */
export async function stopBackup(client: pg.Client, wal: string, waitMs = statementMs) {
  await client.query(`set statement_timeout = ${waitMs}`);
  try {
    const { rows } = await client.query(
      `select pg_walfile_name(lsn) as wal, labelfile from pg_backup_stop(true)`,
    );
    return z.object({ wal: z.string(), labelfile: z.string() }).parse(rows[0]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== canceled) {
      throw error;
    }
    const { rows } = await client.query(
      `select failed_count as failures, coalesce(last_failed_wal, 'none') as "lastFailed",
              coalesce(last_archived_wal, 'none') as "lastArchived" from pg_stat_archiver`,
    );
    const { failures, lastFailed, lastArchived } = rows[0];
    throw refused(
      'backup.not_archived',
      `The WAL of this backup was not archived in time: archive_command has failed ${failures} times, last for ${lastFailed}; the last segment archived is ${lastArchived}. Is the disk of ${wal} full? Postgres' log has what the command said.`,
    );
  }
}

export function refused(code: string, message: string): AppError {
  return new AppError(code, { message, retry: 'permanent' });
}
