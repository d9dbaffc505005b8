import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '#config';
import { findPromtool } from '#debian/promtool';
import { startBacking } from '#stack/backing';
import { root, stateDir } from '#stack/places';
import { takeSlot } from '#stack/slot';
import { type CheckOutcome, runChecks, runProgram } from './check.ts';
import { ciFor, lineOf, sumOf, type Tally, tallyOfReport } from './tally.ts';
import { print, say } from './terminal.ts';

interface Round {
  readonly name: string;
  readonly project: string;
  readonly env?: Readonly<Record<string, string>>;
}

const rounds: readonly Round[] = ['unit', 'db', 'queue', 'e2e'].map((project) => ({
  name: project,
  project,
}));

/**
 * With --all: every service killed at every write of its work, and everything over HTTP and through
 * queues again with three of each service.
 */
const longRounds: readonly Round[] = [
  { name: 'chaos', project: 'chaos' },
  { name: 'e2e-three-of-each', project: 'e2e', env: { LIVENTIX_TEST_SCALE: '3' } },
];

/** Everything that must pass, the same as CI. The last line counts it, and what was skipped. */
export async function test(options: { readonly all?: boolean }): Promise<void> {
  const started = performance.now();
  const checks = await runChecks();
  const promtool = findPromtool({ stateDir, path: readEnvironment().PATH, say });
  const slot = await takeSlot('test', say);
  const backing = await startBacking({ folder: slot.folder, fsync: false, say });
  const stop = async () => {
    await backing.stop();
    slot.release();
  };
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  process.once('SIGTERM', () => void stop().then(() => process.exit(143)));
  const tallies: Tally[] = [tallyOf(checks)];
  const broken = checks.flatMap((check) => (check.passed ? [] : [check.name]));
  try {
    for (const round of [...rounds, ...(options.all === true ? longRounds : [])]) {
      print(`\n── ${round.name} tests`);
      const tally = await runRound(round, join(slot.folder, `${round.name}.json`), {
        TEST_DATABASE_URL: backing.databaseUrl,
        TEST_REDIS_URL: backing.redisUrl,
        ...(promtool !== undefined && { LIVENTIX_PROMTOOL: promtool }),
        ...(options.all === true && { LIVENTIX_TEST_ALL: '1' }),
      });
      tallies.push(tally);
      broken.push(...(tally.failed > 0 ? [`${round.name} tests`] : []));
    }
  } finally {
    await stop();
  }
  const total = sumOf(tallies);
  if (broken.length > 0) {
    print(`\nLook above for what failed in: ${broken.join(', ')}`);
  }
  print(`\nin ${Math.round((performance.now() - started) / 1_000)} s`);
  print(lineOf(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

function tallyOf(checks: readonly CheckOutcome[]): Tally {
  const passed = checks.filter((check) => check.passed).length;
  return { passed, failed: checks.length - passed, skipped: 0 };
}

/** A run that ends badly without a report counts as one failure. */
async function runRound(
  round: Round,
  reportFile: string,
  env: Readonly<Record<string, string>>,
): Promise<Tally> {
  rmSync(reportFile, { force: true });
  const code = await runProgram(
    join(root, 'node_modules', '.bin', 'vitest'),
    [
      'run',
      '--project',
      round.project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      '--passWithNoTests',
    ],
    { ...env, ...round.env, CI: ciFor(readEnvironment()) },
  );
  if (!existsSync(reportFile)) {
    return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  }
  return tallyOfReport(readFileSync(reportFile, 'utf8'), code);
}
