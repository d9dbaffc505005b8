import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment } from '#config';
import { root } from '#stack/places';
import { print } from './terminal.ts';

export interface CheckOutcome {
  readonly name: string;
  readonly passed: boolean;
}

const bin = (name: string) => join(root, 'node_modules', '.bin', name);

/** Biome colours its output even in a file. */
function colors(): string[] {
  return process.stdout.isTTY ? [] : ['--colors=off'];
}

const checks = [
  { name: 'format and lint', command: bin('biome'), args: ['ci', ...colors(), '.'] },
  { name: 'types', command: bin('turbo'), args: ['run', 'typecheck', '--output-logs=errors-only'] },
  { name: 'boundaries', command: bin('turbo'), args: ['boundaries'] },
];

/** Format, lint, types and boundaries, one after the other; what each says goes to stdout. */
export async function runChecks(): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  for (const check of checks) {
    print(`\n── ${check.name}`);
    const code = await runProgram(check.command, check.args, {
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
    });
    outcomes.push({ name: check.name, passed: code === 0 });
  }
  return outcomes;
}

/** Runs a program at the root of the checkout with our own input and output. */
export async function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(command, [...args], {
    cwd: root,
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
