import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { usualSegmentBytes } from './wal.ts';

const manifestSchema = z.object({
  version: z.literal(1),
  /** As in PG_VERSION: data of one major version opens in no other. */
  major: z.string(),
  systemIdentifier: z.string(),
  /** A server may have been made with other segments than most; older manifests do not say. */
  walSegmentBytes: z.int().min(1).default(usualSegmentBytes),
  startWal: z.string(),
  stopWal: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  files: z.array(z.object({ path: z.string(), size: z.int(), sha256: z.string() })),
});
/** What a base backup consists of. It is written last: a folder without one is no backup. */
export type Manifest = z.output<typeof manifestSchema>;

export const manifestName = 'manifest.json';

export function readManifest(folder: string): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(join(folder, manifestName), 'utf8')));
}

/** Every file below a folder, with its size and hash, by path. */
export async function describeFiles(folder: string): Promise<Manifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const files: Manifest['files'][number][] = [];
  for (const path of paths) {
    const { size } = await stat(path);
    files.push({ path: relative(folder, path), size, sha256: await hashOf(path) });
  }
  return files;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** What of a backup's data is not as it was written: missing, changed, or put there since. */
export async function findDamage(dataDir: string, { files }: Manifest): Promise<string[]> {
  const found = new Map((await describeFiles(dataDir)).map((file) => [file.path, file]));
  const wrong = files
    .filter(({ path, sha256 }) => found.get(path)?.sha256 !== sha256)
    .map(({ path }) => path);
  const known = new Set(files.map(({ path }) => path));
  return [...wrong, ...[...found.keys()].filter((path) => !known.has(path))];
}
