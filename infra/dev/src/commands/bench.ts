import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { benchStacks } from '#bench/plans';
import { root } from '#stack/places';
import { freePort } from '#supervisor/free-port';
import { runProgram } from './check.ts';
import { type Running, runStack } from './running.ts';
import { print } from './terminal.ts';
import { describe } from './up.ts';

const folder = join(root, 'test', 'load');
const ending = '.bench.ts';

/** Runs a benchmark against fresh stacks whose provider limits are lifted. */
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
  const collectorPort = await freePort();
  const running: [string, Running][] = [];
  try {
    for (const [called, stack] of Object.entries(benchStacks(name, collectorPort))) {
      running.push([called, await runStack('bench', stack)]);
    }
    const stacks = running.map(([called, { stack }]) => [called, describe(stack)] as const);
    process.exitCode = await runProgram(process.execPath, [join(folder, `${name}${ending}`)], {
      LIVENTIX_STACKS: JSON.stringify(Object.fromEntries(stacks)),
      LIVENTIX_COLLECTOR_PORT: String(collectorPort),
      LIVENTIX_BENCH_JSON: options.json === true ? '1' : '',
    });
  } finally {
    for (const [, one] of running) {
      await one.stop();
    }
  }
}
