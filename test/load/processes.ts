import { readFileSync } from 'node:fs';

/**
 * Milliseconds of processor time a process has used so far, from /proc (100 ticks a second). With
 * its children, living and ended: Postgres works in them.
 */
export function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return children.filter(Boolean).reduce((sum, child) => sum + cpuMs(Number(child)), own);
  } catch {
    return 0;
  }
}

/** Processor milliseconds of each named process while the work ran. */
export async function cpuDuring<T, Name extends string>(
  pids: Readonly<Record<Name, number>>,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly cpu: Readonly<Record<Name, number>> }> {
  const before = Object.entries<number>(pids).map(
    ([name, pid]) => [name, pid, cpuMs(pid)] as const,
  );
  const result = await work();
  const cpu = before.map(([name, pid, used]) => [name, cpuMs(pid) - used] as const);
  return { result, cpu: Object.fromEntries(cpu) as Record<Name, number> };
}

export function rssKb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? '0');
}

export function rssMb(pid: number): number {
  return Math.round(rssKb(pid) / 1_024);
}
