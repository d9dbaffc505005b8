import type { ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError } from '@liventix/shared/errors';
import pg from 'pg';
import type { PostgresHome } from '#postgres/binaries';
import { postgresProgram, postgresUrl } from '#postgres/postgres';
import { freePort } from '#supervisor/free-port';
import { startProgram, stopProgram } from '#supervisor/program';
import { findDamage, type Manifest, manifestName, readManifest } from './manifest.ts';
import { partsOf } from './places.ts';
import { refused } from './server.ts';
import { chooseBase, findGaps } from './wal.ts';

export interface RestoreOptions {
  readonly home: PostgresHome;
  readonly folder: string;
  readonly to: Date | 'latest';
  /** A folder that is not there yet, or empty. */
  readonly into: string;
  readonly say: (line: string) => void;
}

/** A server on restored data, which runs until it is told to stop. */
export interface Restored extends AsyncDisposable {
  readonly dataDir: string;
  /** Of the database `postgres`; others are beside it. */
  readonly port: number;
}

/**
 * Restores the database to a moment: the newest backup before it, and the WAL since. Everything is checked
 * before anything is written, and the server has left recovery when this returns.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, into, say } = options;
  const parts = partsOf(folder);
  const base = chooseBase(listBases(parts.base), options.to).folder;
  const manifest = readManifest(base);
  await requireSound(options, base, manifest);
  say(`Restoring the backup of ${manifest.endedAt} and the WAL since`);
  placeData(options, base);
  configureRecovery(options, parts.wal);
  const port = await freePort();
  const logFile = join(into, '..', `${into.split('/').at(-1)}.log`);
  const spec = postgresProgram({ home: options.home, dataDir: into, port, logFile, fsync: true });
  const server = startProgram(spec);
  try {
    await leaveRecovery(server, port, logFile);
  } catch (error) {
    await stopProgram(server, 'SIGINT', 5_000);
    throw error;
  }
  return {
    dataDir: into,
    port,
    [Symbol.asyncDispose]: async () => await stopProgram(server, 'SIGINT', 10_000),
  };
}

function listBases(folder: string) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => !name.startsWith('.') && existsSync(join(folder, name, manifestName)))
    .map((name) => {
      const path = join(folder, name);
      return { folder: path, endedAt: new Date(readManifest(path).endedAt) };
    });
}

async function requireSound(
  { folder, into, home }: RestoreOptions,
  base: string,
  manifest: Manifest,
): Promise<void> {
  if (existsSync(into) && readdirSync(into).length > 0) {
    throw refused(
      'restore.not_empty',
      `${into} is not empty. Name a folder that is not there yet.`,
    );
  }
  const damage = await findDamage(join(base, 'data'), manifest);
  if (damage.length > 0) {
    throw refused(
      'restore.damaged',
      `The backup ${base} is not as it was written: ${damage.slice(0, 5).join(', ')}. Take an older one: --to a time before ${manifest.endedAt}.`,
    );
  }
  const gaps = findGaps(readdirSync(partsOf(folder).wal), manifest);
  if (gaps.length > 0) {
    throw refused(
      'restore.wal_missing',
      `WAL is missing: ${gaps.slice(0, 5).join(', ')}. Without it nothing after it can be restored.`,
    );
  }
  const major = majorOf(home);
  if (major !== undefined && major !== manifest.major) {
    throw refused(
      'restore.other_version',
      `The backup is of Postgres ${manifest.major}, and here is ${major}.`,
    );
  }
}

/** The major version of the binaries, by the catalogue they bring. */
function majorOf(home: PostgresHome): string | undefined {
  const file = join(home.postgres, '..', '..', 'share', 'postgresql', 'postgres.bki');
  const line = existsSync(file) ? readFileSync(file, 'utf8').split('\n', 1)[0] : undefined;
  return /^# PostgreSQL (\d+)/.exec(line ?? '')?.[1];
}

function placeData({ into, home }: RestoreOptions, base: string): void {
  mkdirSync(into, { recursive: true, mode: 0o700 });
  cpSync(join(base, 'data'), into, { recursive: true });
  mkdirSync(join(into, 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 });
  const { user } = home;
  if (user !== undefined) {
    chownSync(into, user.uid, user.gid);
    for (const entry of readdirSync(into, { recursive: true })) {
      chownSync(join(into, String(entry)), user.uid, user.gid);
    }
  }
}

/** The restored server archives nothing until a backup of its own is taken: it is on another timeline. */
function configureRecovery({ into, to, home }: RestoreOptions, wal: string): void {
  const settings = [
    `restore_command = 'cp "${wal}/%f" "%p"'`,
    `archive_command = '/bin/true'`,
    `recovery_target_action = 'promote'`,
    ...(to === 'latest'
      ? []
      : [`recovery_target_time = '${to.toISOString().replace('T', ' ').replace('Z', '+00')}'`]),
  ];
  appendFileSync(join(into, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  const signal = join(into, 'recovery.signal');
  writeFileSync(signal, '');
  if (home.user !== undefined) {
    chownSync(signal, home.user.uid, home.user.gid);
  }
}

/** Replaying a day of a busy house takes minutes. */
const recoveryMs = 3_600_000;

/** Recovery may take long; a server that gives up says why in its log. */
async function leaveRecovery(server: ChildProcess, port: number, logFile: string): Promise<void> {
  const begun = performance.now();
  while (!(await isOpen(port))) {
    if (server.exitCode !== null || server.signalCode !== null) {
      const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
      const reason = log.match(/FATAL: .*/g)?.at(-1) ?? 'its log does not say why';
      throw refused(
        'restore.failed',
        `Postgres could not restore to that moment: ${reason}. Is it after the last WAL that was archived?`,
      );
    }
    if (performance.now() - begun > recoveryMs) {
      throw refused(
        'restore.failed',
        `Postgres has not left recovery for an hour: look into ${logFile}.`,
      );
    }
    await sleep(50);
  }
  await forgetRecovery(port);
}

async function isOpen(port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: postgresUrl(port, 'postgres') });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('select pg_is_in_recovery() as is');
    return rows[0].is === false;
  } catch (error) {
    coerceError(error);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What led here must not lead here again: the next start is an ordinary one. */
async function forgetRecovery(port: number): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl(port, 'postgres') });
  await client.connect();
  try {
    for (const name of ['restore_command', 'recovery_target_time', 'recovery_target_action']) {
      await client.query(`alter system reset ${name}`);
    }
  } finally {
    await client.end();
  }
}
