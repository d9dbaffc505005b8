import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@liventix/shared/testing/wait';
import pg from 'pg';
import type { ProgramSpec } from '#supervisor/program';
import type { PostgresHome } from './binaries.ts';

export interface PostgresOptions {
  readonly home: PostgresHome;
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  /** Off only where a lost database would be no loss: in tests. */
  readonly fsync: boolean;
}

/** Makes the data directory when there is none. A half-made one is made again. */
export function initPostgres(options: PostgresOptions): void {
  const { dataDir, home } = options;
  const done = join(dataDir, 'PG_VERSION');
  if (existsSync(done)) {
    return;
  }
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (home.user !== undefined) {
    chownSync(dataDir, home.user.uid, home.user.gid);
  }
  execFileSync(
    home.initdb,
    [
      '-D',
      dataDir,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    {
      cwd: dataDir,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      ...(home.user && { uid: home.user.uid, gid: home.user.gid }),
    },
  );
  // WAL goes nowhere until the first backup says where: only archive_mode needs a new start.
  appendFileSync(
    join(dataDir, 'postgresql.conf'),
    `\narchive_mode = on\narchive_command = '/bin/true'\n`,
  );
}

export function postgresProgram(options: PostgresOptions): ProgramSpec {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(options.port),
    max_connections: '200',
    shared_buffers: '256MB',
    // What a statement that failed would have stored does not go into the log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(options.fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return {
    name: 'postgres',
    command: options.home.postgres,
    args: [
      '-D',
      options.dataDir,
      ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    cwd: options.dataDir,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    logFile: options.logFile,
    stopSignal: 'SIGINT',
    hasChannel: false,
    ...(options.home.user && { user: options.home.user }),
  };
}

export function postgresUrl(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

/** Waits until it answers, and makes the database when it is not there. */
export async function readyPostgres(port: number, database: string): Promise<void> {
  await waitFor(
    async () => {
      const client = new pg.Client({ connectionString: postgresUrl(port, 'postgres') });
      client.on('error', () => undefined);
      try {
        await client.connect();
        const { rows } = await client.query('select 1 from pg_database where datname = $1', [
          database,
        ]);
        if (rows.length === 0) {
          await client.query(`create database ${client.escapeIdentifier(database)}`);
        }
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    { what: `Postgres on port ${port}`, timeoutMs: 30_000 },
  );
}
