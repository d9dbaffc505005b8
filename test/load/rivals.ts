import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment } from './config.ts';

/** A process that ours are measured against. */
export interface Rival {
  readonly url: string;
  readonly pid: number;
  /** Writes a line to its standard input. */
  say(line: string): void;
  stop(): void;
}

/** Starts a program of test/load/rivals, which prints its port when it listens. */
export async function startRival(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<Rival> {
  const child: ChildProcess = spawn(
    process.execPath,
    // As services are started: the young generation is the same.
    ['--max-semi-space-size=16', join(import.meta.dirname, 'rivals', program)],
    { env: { ...inheritedEnvironment(), ...env }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const [line] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    once(child, 'exit').then(() => {
      throw new Error(`${program} ended before it listened`);
    }),
  ]);
  return {
    url: `http://127.0.0.1:${Number(String(line))}`,
    pid: child.pid ?? 0,
    say: (line) => child.stdin?.write(`${line}\n`),
    stop: () => child.kill('SIGTERM'),
  };
}
