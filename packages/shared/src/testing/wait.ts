import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the condition gives something, and returns it. Fails with `what` after the deadline,
 * which only bounds a failing test: it is never how long a passing one takes. A condition that
 * never answers counts as one that is not met.
 */
export async function waitFor<T>(
  condition: () => Promise<T | undefined | false | null>,
  options: { readonly what: string; readonly timeoutMs?: number },
): Promise<T> {
  const done = new AbortController();
  const late = sleep(options.timeoutMs ?? 60_000, 'late' as const, { signal: done.signal }).catch(
    () => 'late' as const,
  );
  try {
    for (;;) {
      const outcome = await Promise.race([poll(condition), late]);
      if (outcome === 'late') {
        throw new Error(`waited in vain: ${options.what}`);
      }
      if (outcome !== undefined) {
        return outcome.met;
      }
      await sleep(20);
    }
  } finally {
    done.abort();
  }
}

async function poll<T>(
  condition: () => Promise<T | undefined | false | null>,
): Promise<{ readonly met: T } | undefined> {
  const met = await condition();
  return met === undefined || met === false || met === null ? undefined : { met };
}
