/** Longest wait between two tries of one job. */
const waitMaxMs = 5 * 60_000;

/**
 * The wait before the next try: doubling from `baseMs`, at most five minutes, the upper half of it
 * at random so that jobs that failed together do not come back together.
 */
export function backoffMs(tries: number, baseMs: number): number {
  const full = Math.min(baseMs * 2 ** Math.min(Math.max(tries - 1, 0), 20), waitMaxMs);
  return Math.round(full * (0.5 + Math.random() / 2));
}

/** How long a job may wait for something we depend on: a long weekend. */
export const dependencyWaitMaxMs = 72 * 3_600_000;
