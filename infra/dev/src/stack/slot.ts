import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { root, runsDir } from './places.ts';

/** A running stack's own folder: data, logs, secrets and pids. Two stacks have two. */
export interface Slot {
  readonly name: string;
  readonly folder: string;
  recordPids(pids: Readonly<Record<string, number>>): void;
  release(): void;
}

const slotsMax = 32;
const pidFile = z.record(z.string(), z.int());

/**
 * Takes the first slot nobody runs in. What a killed run left behind in it is stopped first. The
 * lock is a file made exclusively that names its holder; a dead holder's lock is taken over.
 */
export async function takeSlot(kind: string, say: (line: string) => void): Promise<Slot> {
  for (let number = 0; number < slotsMax; number += 1) {
    const name = `${kind}-${number}`;
    const folder = join(runsDir, name);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    if (lock(folder)) {
      await stopLeftovers(folder, say);
      return {
        name,
        folder,
        recordPids: (pids) => writeFileSync(join(folder, 'pids.json'), JSON.stringify(pids)),
        release: () => {
          for (const file of ['stack.json', 'pids.json', 'lock']) {
            rmSync(join(folder, file), { force: true });
          }
        },
      };
    }
  }
  throw new Error(`${slotsMax} stacks run already: stop one first`);
}

/** Whether any stack of this checkout runs now. */
export function isAnyRunning(): boolean {
  return existsSync(runsDir) && readdirSync(runsDir).some((name) => isHeld(join(runsDir, name)));
}

/** Whether the run that took this slot still lives. */
export function isHeld(folder: string): boolean {
  const holder = holderOf(join(folder, 'lock'));
  return holder !== undefined && isLiventix(holder);
}

function lock(folder: string): boolean {
  const file = join(folder, 'lock');
  const holder = holderOf(file);
  if (holder !== undefined && isLiventix(holder)) {
    return false;
  }
  if (holder !== undefined) {
    rmSync(file, { force: true });
  }
  try {
    const handle = openSync(file, 'wx');
    writeFileSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch {
    return false;
  }
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A pid may belong to somebody else by now: only a run of ours counts. */
function isLiventix(pid: number): boolean {
  return commandOf(pid)?.includes('infra/dev/src/main.ts') ?? false;
}

export function commandOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

/** Programs by what they look like: a pid that means something else now is left alone. */
const marks: Readonly<Record<string, string>> = { postgres: 'postgres', redis: '-server' };

async function stopLeftovers(folder: string, say: (line: string) => void): Promise<void> {
  for (const [name, pid] of Object.entries(readPids(folder))) {
    const command = commandOf(pid);
    const mark = marks[name] ?? 'src/';
    if (command === undefined || !command.includes(mark) || !belongsTo(pid, command, folder)) {
      continue;
    }
    say(`stopping ${name}, left behind by a run that was killed`);
    await end(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  }
  rmSync(join(folder, 'pids.json'), { force: true });
}

/** Postgres and Redis name their folder on the command line or work in it; services work in this checkout. */
function belongsTo(pid: number, command: string, folder: string): boolean {
  if (command.includes(folder)) {
    return true;
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${root}/`);
  } catch {
    return process.platform !== 'linux' && command.includes('src/main.ts');
  }
}

function readPids(folder: string): Record<string, number> {
  try {
    return pidFile.parse(JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8')));
  } catch {
    return {};
  }
}

async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    [signal, 5_000],
    ['SIGKILL', 2_000],
  ];
  for (const [step, graceMs] of steps) {
    try {
      process.kill(pid, step);
    } catch {
      return;
    }
    const giveUpAt = performance.now() + graceMs;
    while (commandOf(pid) !== undefined && performance.now() < giveUpAt) {
      await sleep(50);
    }
  }
}
