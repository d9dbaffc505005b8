import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { inheritedEnvironment, type StackUnderLoad } from './config.ts';

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
  const child = start(join(import.meta.dirname, 'rivals', program), env);
  const [line] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    once(child, 'exit').then(() => {
      throw new Error(`${program} ended before it listened`);
    }),
  ]);
  return rival(child, `http://127.0.0.1:${Number(String(line))}`);
}

/** One more instance of checkout beside that of a stack. */
export async function startCheckout(stack: StackUnderLoad): Promise<Rival> {
  const port = await getPort();
  const url = `http://127.0.0.1:${port}`;
  const child = start(join(import.meta.dirname, '../../services/checkout/src/main.ts'), {
    DATABASE_URL: stack.database_url,
    REDIS_URL: stack.redis_url,
    PORT: String(port),
    PUBLIC_URL: url,
    TOKEN_SECRETS: `bench:${randomBytes(24).toString('hex')}`,
    MASTER_KEYS: `bench:${randomBytes(24).toString('hex')}`,
    RATE_LIMIT_PER_MINUTE: '0',
    HELD_SEATS_PER_CLIENT: '0',
    LOG_LEVEL: 'error',
  });
  child.stdout?.resume();
  while (!(await isReady(url))) {
    if (child.exitCode !== null) {
      throw new Error('the second instance of checkout ended before it listened');
    }
    await sleep(50);
  }
  return rival(child, url);
}

/** Runs a program to its end and returns the line of JSON that it prints. */
export async function runOnce(program: string, input: unknown): Promise<unknown> {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=16', join(import.meta.dirname, program), JSON.stringify(input)],
    { env: inheritedEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const line = await text(child.stdout);
  process.off('exit', kill);
  return JSON.parse(line);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

function start(program: string, env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(
    process.execPath,
    // As services are started: the young generation is the same.
    ['--max-semi-space-size=16', program],
    { env: { ...inheritedEnvironment(), ...env }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

function rival(child: ChildProcess, url: string): Rival {
  return {
    url,
    pid: child.pid ?? 0,
    say: (line) => child.stdin?.write(`${line}\n`),
    stop: () => child.kill('SIGTERM'),
  };
}
