import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { manifestName, readManifest } from './manifest.ts';
import { refused } from './server.ts';
import { findOldWal } from './wal.ts';

/** Where a backup folder keeps its parts. */
export function partsOf(folder: string) {
  return { base: join(folder, 'base'), wal: join(folder, 'wal'), dump: join(folder, 'dump') };
}

/** What may stand in archive_command, which a shell reads after Postgres has put names in. */
const plainPath = /^[\w./ -]+$/;

/** Folders of the backup. The server's own user writes into that of the WAL. */
export function preparePlaces(folder: string, dataDir: string) {
  if (!isAbsolute(folder) || !plainPath.test(folder)) {
    throw refused(
      'backup.folder',
      `--folder ${folder} must be a whole path of letters, digits, spaces and . _ - /: a shell of Postgres' reads it.`,
    );
  }
  const parts = partsOf(folder);
  for (const path of [folder, parts.base, parts.wal]) {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  }
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(dataDir);
    chownSync(parts.wal, uid, gid);
  }
  return parts;
}

const draftPrefix = '.new-';

/** A place for what is half done. Call it while no other backup of the server runs: others' go. */
export function placeDraft(folder: string): string {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(draftPrefix))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return join(folder, `${draftPrefix}${process.pid}`);
}

/** Whole backups, oldest first: their names are the time they ended. */
function wholeOnes(folder: string, isWhole: (path: string) => boolean): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => !name.startsWith('.') && isWhole(join(folder, name)))
        .toSorted()
    : [];
}

/** Keeps the newest backups; older ones go, and the WAL that only they needed. Names what went. */
export function prune(folder: string, keep: number): string[] {
  const parts = partsOf(folder);
  const bases = wholeOnes(parts.base, (path) => existsSync(join(path, manifestName)));
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

/** The same of dumps, of which each stands alone. */
export function pruneDumps(folder: string, keep: number): string[] {
  const { dump } = partsOf(folder);
  const dumps = wholeOnes(dump, (path) => path.endsWith('.dump'));
  const old = dumps.slice(0, Math.max(0, dumps.length - keep));
  for (const name of old) {
    rmSync(join(dump, name));
  }
  return old;
}

/** As a name that sorts by time. */
export function nameOf(endedAt: string): string {
  return endedAt.replaceAll(/[:.]/g, '-');
}
