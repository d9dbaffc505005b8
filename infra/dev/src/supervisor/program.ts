import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ProgramSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Postgres refuses to run as root, so it gets another user. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** How it is told to stop. Postgres: SIGINT, since it waits for clients on SIGTERM. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** One of our own services: it stops itself when this channel closes. */
  readonly hasChannel: boolean;
}

const setpriv = '/usr/bin/setpriv';

/**
 * Starts a program in a process group of its own. A foreign program is told by the kernel to stop
 * when we die, even by kill -9; our own services notice that their channel has closed. Each writes
 * its log itself: through a pipe of ours it would hang on a supervisor that is gone.
 */
export function startProgram(spec: ProgramSpec): ChildProcess {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a');
  try {
    return spawn(...spawnArguments(spec, log));
  } finally {
    closeSync(log);
  }
}

function spawnArguments(
  spec: ProgramSpec,
  log: number,
): [command: string, args: string[], options: SpawnOptions] {
  const { user } = spec;
  const options: SpawnOptions = {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', log, log, ...(spec.hasChannel ? (['ipc'] as const) : [])],
  };
  if (spec.hasChannel || !existsSync(setpriv)) {
    return [
      spec.command,
      [...spec.args],
      { ...options, ...(user && { uid: user.uid, gid: user.gid }) },
    ];
  }
  const identity =
    user === undefined
      ? []
      : ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups'];
  const parting = ['--pdeathsig', spec.stopSignal.slice(3)];
  return [setpriv, [...identity, ...parting, '--', spec.command, ...spec.args], options];
}

/** Stops a program: asks, and after `graceMs` kills its whole group. */
export async function stopProgram(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGINT',
  graceMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return;
  }
  const exited = once(child, 'exit');
  child.kill(signal);
  const killer = setTimeout(() => killGroup(child), graceMs);
  await exited;
  clearTimeout(killer);
}

export function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL');
    }
  } catch {
    // Gone already.
  }
}
