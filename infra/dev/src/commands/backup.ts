import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordBackup } from '@liventix/domain/backups/repository';
import { connectDatabase } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import { z } from 'zod';
import { takeDump } from '#backup/dump';
import { prune, pruneDumps } from '#backup/places';
import { repeatBackup } from '#backup/repeat';
import { takeBackup } from '#backup/take';
import { readEnvironment } from '#config';
import { findBooks } from '#verify/where';
import { print, say } from './terminal.ts';

const hourMs = 3_600_000;

const optionsSchema = z.object({
  folder: z
    .string()
    .min(1)
    .transform((folder) => resolve(folder))
    .optional(),
  keep: z.coerce.number().int().min(1).max(10_000),
  every: z
    .string()
    .regex(/^[1-9]\d{0,2}[hm]$/)
    .transform((text) => (Number.parseInt(text, 10) * hourMs) / (text.endsWith('h') ? 1 : 60))
    .optional(),
  dump: z.boolean().default(false),
  json: z.boolean().default(false),
});
type Options = z.output<typeof optionsSchema>;

/** What was taken, as it is printed and recorded. */
interface Taken {
  readonly line: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly told: readonly string[];
}

/**
 * Takes a base backup or a dump and prunes old ones. With --every it goes on until it is stopped, also
 * after one that failed; without, a failure is the command's.
 */
export async function backup(given: Readonly<Record<string, unknown>>): Promise<void> {
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) {
    throw new Error('--keep is a whole number, and --every a number of hours or minutes: 6h, 30m');
  }
  const options = parsed.data;
  if (options.every === undefined) {
    await takeOne(options);
    return;
  }
  await repeatBackup({
    take: async () => await takeOne(options),
    everyMs: options.every,
    say,
    onFailure: (error) => tellFailure(options, coerceError(error)),
    pause: sleep,
  });
}

async function takeOne(options: Options): Promise<void> {
  const { databaseUrl } = findBooks();
  const begun = performance.now();
  try {
    const { line, bytes, told } = await (options.dump ? dump : base)(databaseUrl, options);
    const tookMs = Math.round(performance.now() - begun);
    await record(databaseUrl, options, { bytes, error: null });
    if (options.json) {
      print(JSON.stringify({ ...line, bytes, took_ms: tookMs }));
    } else {
      print(
        [...told, `${Math.round(bytes / 1e6)} MB, ${(tookMs / 1_000).toFixed(1)} s`]
          .map((text) => `  ${text}`)
          .join('\n'),
      );
    }
  } catch (error) {
    await record(databaseUrl, options, { bytes: null, error: coerceError(error).message });
    throw error;
  }
}

async function base(databaseUrl: string, { folder, keep }: Options): Promise<Taken> {
  const taken = await takeBackup({ databaseUrl, ...(folder !== undefined && { folder }) });
  const pruned = prune(taken.folder, keep);
  const { files } = taken.manifest;
  return {
    line: { base: taken.base, folder: taken.folder, pruned },
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    told: [
      taken.base,
      `${files.length} files; ${pruned.length} older backups removed`,
      `WAL is archived into ${join(taken.folder, 'wal')} from now on, at least once a minute`,
    ],
  };
}

async function dump(databaseUrl: string, { folder, keep }: Options): Promise<Taken> {
  const { PATH: path } = readEnvironment();
  const taken = await takeDump({ databaseUrl, path, ...(folder !== undefined && { folder }) });
  const pruned = pruneDumps(taken.folder, keep);
  return {
    line: { dump: taken.file, folder: taken.folder, pruned },
    bytes: taken.bytes,
    told: [taken.file, `${pruned.length} older dumps removed`],
  };
}

/** So that who watches knows how old the last backup is. A database without our tables has no such row. */
async function record(
  databaseUrl: string,
  options: Options,
  outcome: { readonly bytes: number | null; readonly error: string | null },
): Promise<void> {
  const kind = options.dump ? 'dump' : 'base';
  const everySeconds = options.every === undefined ? null : options.every / 1_000;
  await using db = connectDatabase({
    url: databaseUrl,
    poolMax: 1,
    applicationName: 'liventix-backup',
  });
  try {
    await recordBackup(db.pool, { kind, everySeconds, ...outcome });
  } catch (error) {
    say(`Nobody will be told when the next backup is late: ${coerceError(error).message}`);
  }
}

function tellFailure({ json }: Options, error: Error): void {
  say(`The backup failed: ${error.message}`);
  if (json) {
    print(JSON.stringify({ error: error.message }));
  }
}
