import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { prune, takeBackup } from '#backup/take';
import { findBooks } from '#verify/where';
import { print, say } from './terminal.ts';

const hourMs = 3_600_000;

const optionsSchema = z.object({
  folder: z.string().min(1).optional(),
  keep: z.coerce.number().int().min(1).max(10_000),
  every: z
    .string()
    .regex(/^\d{1,3}[hm]$/)
    .transform((text) => (Number.parseInt(text, 10) * hourMs) / (text.endsWith('h') ? 1 : 60))
    .optional(),
  json: z.boolean().default(false),
});

/** Takes a base backup, prunes old ones, and with --every goes on until it is stopped. */
export async function backup(given: Readonly<Record<string, unknown>>): Promise<void> {
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) {
    throw new Error('--keep is a whole number, and --every a number of hours or minutes: 6h, 30m');
  }
  const { folder, keep, every, json } = parsed.data;
  for (;;) {
    const begun = performance.now();
    const taken = await takeBackup({
      databaseUrl: findBooks().databaseUrl,
      ...(folder !== undefined && { folder }),
    });
    const pruned = prune(taken.folder, keep);
    const { files } = taken.manifest;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const tookMs = Math.round(performance.now() - begun);
    if (json) {
      print(
        JSON.stringify({ base: taken.base, folder: taken.folder, bytes, took_ms: tookMs, pruned }),
      );
    } else {
      print(`  ${taken.base}`);
      print(
        `  ${files.length} files, ${Math.round(bytes / 1e6)} MB, ${(tookMs / 1_000).toFixed(1)} s; ${pruned.length} older removed`,
      );
      print(
        `  WAL is archived into ${join(taken.folder, 'wal')} from now on, at least once a minute`,
      );
    }
    if (every === undefined) {
      return;
    }
    say(`The next one in ${Math.round(every / 60_000)} minutes`);
    await sleep(every);
  }
}
