import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@liventix/shared/errors';
import pg from 'pg';
import { z } from 'zod';
import { describeFiles, type Manifest, manifestName, readManifest } from './manifest.ts';
import { findOldWal } from './wal.ts';

/** What a server makes anew when it starts (postgresql.org/docs/18/protocol-replication.html, BASE_BACKUP). */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const leftOut = /^(?:postmaster\.(?:pid|opts)|pg_internal\.init(?:\..*)?|pgsql_tmp.*|.*\.tmp)$/;

const serverRow = z.object({
  dataDir: z.string(),
  archiveMode: z.string(),
  archiveCommand: z.string(),
  systemIdentifier: z.string(),
});

/** Where a backup folder keeps its parts. */
export function partsOf(folder: string): { readonly base: string; readonly wal: string } {
  return { base: join(folder, 'base'), wal: join(folder, 'wal') };
}

/**
 * Takes a base backup of a running server on this machine, through Postgres' own functions, and has its WAL
 * archived from then on. What is half done when it dies is no backup: the manifest comes last, and the
 * folder gets its name after it.
 */
export async function takeBackup(options: {
  readonly databaseUrl: string;
  /** By default beside the data. */
  readonly folder?: string;
}): Promise<{ readonly folder: string; readonly base: string; readonly manifest: Manifest }> {
  const client = new pg.Client({ connectionString: options.databaseUrl });
  // A connection that ends is an error of the statement that waits for it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const server = await askServer(client);
    const folder = options.folder ?? join(server.dataDir, '..', 'backups');
    const parts = prepare(folder, server.dataDir);
    await archiveInto(client, parts.wal, server);
    const draft = join(parts.base, `.new-${process.pid}`);
    rmSync(draft, { recursive: true, force: true });
    const manifest = await copyWhileItRuns(client, server, draft);
    const base = join(parts.base, manifest.endedAt.replaceAll(/[:.]/g, '-'));
    renameSync(draft, base);
    return { folder, base, manifest };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function askServer(client: pg.Client): Promise<z.output<typeof serverRow>> {
  const { rows } = await client.query(
    `select current_setting('data_directory') as "dataDir",
            current_setting('archive_mode') as "archiveMode",
            current_setting('archive_command') as "archiveCommand",
            (select system_identifier::text from pg_control_system()) as "systemIdentifier"`,
  );
  const server = serverRow.parse(rows[0]);
  if (server.archiveMode === 'off') {
    throw refused(
      'backup.no_archive',
      'This server archives nothing: set archive_mode = on in its postgresql.conf and start it again.',
    );
  }
  if (!existsSync(join(server.dataDir, 'PG_VERSION'))) {
    throw refused(
      'backup.elsewhere',
      `The data of this server (${server.dataDir}) is not on this machine, or may not be read. Run the backup there, or use pgBackRest, WAL-G or your provider's: docs/backup.md.`,
    );
  }
  return server;
}

/** Folders of the backup, which the server's own user can write into. */
function prepare(folder: string, dataDir: string) {
  const parts = partsOf(folder);
  const owner = statSync(dataDir);
  for (const path of [folder, parts.base, parts.wal]) {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  }
  if (process.getuid?.() === 0) {
    chownSync(parts.wal, owner.uid, owner.gid);
  }
  return parts;
}

/** A segment is written whole or not at all, and never over another (postgresql.org/docs/18, 25.3.1). */
async function archiveInto(
  client: pg.Client,
  wal: string,
  server: z.output<typeof serverRow>,
): Promise<void> {
  const target = `"${wal}/%f"`;
  const draft = `"${wal}/.%f.tmp"`;
  const command = `if [ -f ${target} ]; then cmp -s "%p" ${target}; else cp "%p" ${draft} && sync ${draft} && mv ${draft} ${target}; fi`;
  if (server.archiveCommand !== command) {
    await client.query(`alter system set archive_command = ${client.escapeLiteral(command)}`);
    await client.query(`alter system set archive_timeout = '60s'`);
    await client.query('select pg_reload_conf()');
  }
}

async function copyWhileItRuns(
  client: pg.Client,
  server: z.output<typeof serverRow>,
  draft: string,
): Promise<Manifest> {
  const data = join(draft, 'data');
  const startedAt = new Date().toISOString();
  const begun = await client.query(
    `select pg_walfile_name(lsn) as wal from pg_backup_start('liventix', true) as lsn`,
  );
  await copyFolder(server.dataDir, data);
  const ended = await client.query(
    `select pg_walfile_name(lsn) as wal, labelfile, spcmapfile from pg_backup_stop(true)`,
  );
  const { wal: stopWal, labelfile, spcmapfile } = ended.rows[0];
  writeFileSync(join(data, 'backup_label'), labelfile);
  if (spcmapfile.trim() !== '') {
    writeFileSync(join(data, 'tablespace_map'), spcmapfile);
  }
  const manifest: Manifest = {
    version: 1,
    major: readMajor(data),
    systemIdentifier: server.systemIdentifier,
    startWal: begun.rows[0].wal,
    stopWal,
    startedAt,
    endedAt: new Date().toISOString(),
    files: await describeFiles(data),
  };
  const file = await open(join(draft, manifestName), 'w');
  await file.writeFile(JSON.stringify(manifest));
  await file.sync();
  await file.close();
  return manifest;
}

/** What vanishes meanwhile is no loss: the WAL says what became of it. */
async function copyFolder(from: string, to: string, depth = 0): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (leftOut.test(entry.name)) {
      continue;
    }
    if (entry.isDirectory()) {
      await (depth === 0 && emptied.has(entry.name)
        ? mkdir(target, { recursive: true })
        : copyFolder(source, target, depth + 1));
    } else if (entry.isFile()) {
      await copyFile(source, target).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') {
          throw error;
        }
      });
    }
  }
}

/** Keeps the newest backups; older ones go, and the WAL that only they needed. Names what went. */
export function prune(folder: string, keep: number): string[] {
  const parts = partsOf(folder);
  const bases = readdirSync(parts.base)
    .filter((name) => existsSync(join(parts.base, name, manifestName)) && !name.startsWith('.'))
    .toSorted();
  const old = bases.slice(0, Math.max(0, bases.length - keep));
  const [first] = bases.slice(old.length);
  for (const name of old) {
    rmSync(join(parts.base, name), { recursive: true });
  }
  if (first !== undefined) {
    const { startWal } = readManifest(join(parts.base, first));
    for (const name of findOldWal(readdirSync(parts.wal), startWal)) {
      rmSync(join(parts.wal, name));
    }
  }
  return old;
}

function readMajor(dataDir: string): string {
  return readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
}

function refused(code: string, message: string): AppError {
  return new AppError(code, { message, retry: 'permanent' });
}
