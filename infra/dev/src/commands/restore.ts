import { resolve } from 'node:path';
import { auditBooks } from '@liventix/domain/books/repository';
import { connectDatabase } from '@liventix/shared/db';
import { z } from 'zod';
import { restoreBackup } from '#backup/restore';
import { findPostgres } from '#postgres/binaries';
import { postgresUrl } from '#postgres/postgres';
import { checkoutId, stateDir } from '#stack/places';
import { print, say } from './terminal.ts';

const optionsSchema = z.object({
  folder: z.string().min(1),
  into: z.string().min(1),
  to: z.union([
    z.literal('latest'),
    z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  ]),
  database: z.string().min(1).default('liventix'),
});

/** Restores to a moment into a folder of its own, and proves the books of what came back. */
export async function restore(given: Readonly<Record<string, unknown>>): Promise<void> {
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) {
    throw new Error(
      '--to is "latest" or a time like 2031-05-01T20:00:00Z; --folder and --into are folders',
    );
  }
  const { folder, into, to, database } = parsed.data;
  const home = await findPostgres({ stateDir, checkoutId });
  const places = { folder: resolve(folder), into: resolve(into) };
  await using restored = await restoreBackup({ home, to, say, ...places });
  await using db = connectDatabase({
    url: postgresUrl(restored.port, database),
    poolMax: 2,
    applicationName: 'liventix-restore',
    statementTimeoutMs: 120_000,
  });
  const broken: string[] = [];
  for await (const { kind, invariant, reason } of auditBooks(db)) {
    if (kind !== 'held') {
      broken.push(`${invariant.rule} ${reason ?? ''}`);
    }
  }
  print(`  Restored into ${restored.dataDir}`);
  print(broken.length === 0 ? '  Every rule of the books holds.' : `  ${broken.join('\n  ')}`);
  print(
    '  Stop the stack, put this folder where its data was, keep the old one, and start it again.',
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
}
