import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitFor } from '@liventix/shared/testing/wait';

/** Every system call by which a process says something to its outside; those Node uses last. */
export const sayingCalls = ['sendmmsg', 'sendmsg', 'sendto', 'writev', 'write'] as const;
export type SayingCall = (typeof sayingCalls)[number];

export type Threads = 'main' | 'others';

export interface Caught {
  readonly killed: boolean;
  /** What it said by this call, in order, the cut-off one included. */
  readonly run: readonly string[];
}

export interface Trap {
  /** Lets the process go on unharmed, if it still lives. */
  release(): Promise<Caught>;
}

/** A sweep that cannot kill must fail: one that kills nothing would pass. */
export function requireStrace(): void {
  if (spawnSync('strace', ['-V']).status !== 0) {
    throw new Error('The crash sweep needs strace, and finds none: apt-get install strace.');
  }
}

/**
 * From now on the process is killed as it enters its `nth` of these calls: what that call would
 * have said is never said. Threads count for themselves. The main one tells everything to sockets;
 * the others write the log.
 */
export async function setTrap(target: {
  readonly pid: number;
  readonly threads: Threads;
  readonly call: SayingCall;
  readonly nth: number;
}): Promise<Trap> {
  const { pid, call, nth } = target;
  const all = readdirSync(`/proc/${pid}/task`).map(Number);
  const threads = all.filter((thread) => (thread === pid) === (target.threads === 'main'));
  const folder = mkdtempSync(join(tmpdir(), 'liventix-trap-'));
  const record = join(folder, 'calls');
  const strace = spawn(
    'strace',
    [
      ...['-qq', '-s', '70', '-o', record],
      ...threads.flatMap((thread) => ['-p', String(thread)]),
      ...['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(strace, 'close');
  const complaint = text(strace.stderr);
  const hasEnded = () => strace.exitCode !== null || strace.signalCode !== null;
  await waitFor(async () => hasEnded() || threads.every((thread) => isTraced(pid, thread)), {
    what: `strace to attach to ${pid}`,
  });
  const lines = () => (existsSync(record) ? readFileSync(record, 'utf8').split('\n') : []);
  const wasSprung = () => lines().some((line) => line.endsWith('+++ killed by SIGKILL +++'));
  // A poll of the idle process may have sprung the trap by now: that is a kill like any other.
  if (hasEnded() && !wasSprung()) {
    throw new Error(
      `strace must attach to a running process: as root, or with kernel.yama.ptrace_scope = 0. ${await complaint}`,
    );
  }
  return {
    release: async () => {
      strace.kill('SIGTERM');
      await ended;
      const run = lines().filter((line) => line.includes(`${call}(`));
      // Told to end as it kills, strace may not write down that it did.
      const caught = { killed: wasSprung() || isGone(pid), run: run.map(saying) };
      rmSync(folder, { recursive: true });
      return caught;
    },
  };
}

/** Whether the process has ended, whether or not its parent has been told. */
function isGone(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

function isTraced(pid: number, thread: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return !/^TracerPid:\s+0$/m.test(status);
  } catch {
    return false;
  }
}

/** The beginning of what a call says, without what differs from run to run. */
function saying(line: string): string {
  const said = /"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? '';
  return said
    .replaceAll(/\\(?:\d{1,3}|[a-z])/g, ' ')
    .replaceAll(/cs_test_\w+|[0-9a-f]{8}-[0-9a-f-]+/g, '')
    .replaceAll(/\d+/g, '#')
    .replaceAll(/ +/g, ' ')
    .trim();
}
