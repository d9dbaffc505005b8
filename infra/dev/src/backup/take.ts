import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { describeFiles, type Manifest, manifestName } from './manifest.ts';
import { nameOf, placeDraft, preparePlaces } from './places.ts';
import { archiveInto, askServer, connectServer, type Server, stopBackup } from './server.ts';

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

/**
 * Takes a base backup of a running server on this machine, through Postgres' own functions, and has its WAL
 * archived from then on. What is half done when it dies is no backup: the manifest comes last, and the
 * folder gets its name after it.
 */
export async function takeBackup(options: {
  readonly databaseUrl: string;
  /** By default beside the data. */
  readonly folder?: string;
  /** How long archiving its WAL is waited for; ten minutes. */
  readonly archivedWithinMs?: number;
}): Promise<{ readonly folder: string; readonly base: string; readonly manifest: Manifest }> {
  const client = await connectServer(options.databaseUrl);
  try {
    const server = await askServer(client);
    const folder = options.folder ?? join(server.dataDir, '..', 'backups');
    const parts = preparePlaces(folder, server.dataDir);
    await archiveInto(client, parts.wal, server);
    const draft = placeDraft(parts.base);
    try {
      const stop = async () => await stopBackup(client, parts.wal, options.archivedWithinMs);
      const manifest = await copyWhileItRuns(client, server, { draft, stop });
      const base = join(parts.base, nameOf(manifest.endedAt));
      renameSync(draft, base);
      return { folder, base, manifest };
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw error;
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function copyWhileItRuns(
  client: pg.Client,
  server: Server,
  copy: { readonly draft: string; readonly stop: () => ReturnType<typeof stopBackup> },
): Promise<Manifest> {
  const { draft, stop } = copy;
  const data = join(draft, 'data');
  const startedAt = new Date().toISOString();
  const begun = await client.query(
    `select pg_walfile_name(lsn) as wal from pg_backup_start('liventix', true) as lsn`,
  );
  await mkdir(draft, { mode: 0o700 });
  await copyFolder(server.dataDir, data);
  const { wal: stopWal, labelfile } = await stop();
  writeFileSync(join(data, 'backup_label'), labelfile);
  const manifest: Manifest = {
    version: 1,
    major: readMajor(data),
    systemIdentifier: server.systemIdentifier,
    walSegmentBytes: server.walSegmentBytes,
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
  // Older backups may go once this one has its name: it must not be in memory alone.
  await promisify(execFile)('sync', ['-f', draft]).catch(() => undefined);
  return manifest;
}

/** What vanishes from the server meanwhile is no loss: the WAL says what became of it. */
async function copyFolder(from: string, to: string, depth = 0): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  const entries = await readdir(from, { withFileTypes: true }).catch(vanished(from));
  for (const entry of entries ?? []) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (leftOut.test(entry.name)) {
      continue;
    }
    if (entry.isDirectory()) {
      await (depth === 0 && emptied.has(entry.name)
        ? mkdir(target, { mode: 0o700 })
        : copyFolder(source, target, depth + 1));
    } else if (entry.isFile()) {
      await copyFile(source, target).catch(vanished(source));
    }
  }
}

function vanished(source: string) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== 'ENOENT' || existsSync(source)) {
      throw error;
    }
  };
}

function readMajor(dataDir: string): string {
  return readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
}
