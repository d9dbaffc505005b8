import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#stack/places';
import type { Scale } from '#stack/services';
import { runProgram } from './check.ts';
import { runStack } from './running.ts';
import { print } from './terminal.ts';
import { describe } from './up.ts';

const folder = join(root, 'test', 'load');
const ending = '.bench.ts';

/** Benchmarks of several instances. */
const scales: Readonly<Record<string, Scale>> = { workers: { ticketing: 3 } };

/** Runs a benchmark against a fresh stack whose provider limits are lifted. */
export async function bench(
  name: string | undefined,
  options: { readonly json?: boolean },
): Promise<void> {
  const known = existsSync(folder)
    ? readdirSync(folder).flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -9)] : []))
    : [];
  if (name === undefined || !known.includes(name)) {
    print(`Benchmarks: ${known.join(', ')}`);
    process.exitCode = name === undefined ? 0 : 2;
    return;
  }
  const running = await runStack('bench', {
    scale: scales[name] ?? {},
    overrides: {
      STRIPE_SESSIONS_PER_SECOND: '10000',
      SESSION_RATE_LIMIT_PER_S: '0',
      RATE_LIMIT_PER_S: '0',
      RATE_LIMIT_PER_MINUTE: '0',
      ...(name === 'workers' && { WORKER_CONCURRENCY: '4' }),
    },
  });
  try {
    process.exitCode = await runProgram(process.execPath, [join(folder, `${name}${ending}`)], {
      LIVENTIX_STACK: JSON.stringify(describe(running.stack)),
      LIVENTIX_BENCH_JSON: options.json === true ? '1' : '',
    });
  } finally {
    await running.stop();
  }
}
