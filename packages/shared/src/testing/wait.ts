import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the condition gives something, and returns it. Fails with `what` after the deadline,
 * which only bounds a failing test: it is never how long a passing one takes. A condition that
 * never answers, or throws, counts as one that is not met: who looks again and again may find a
 * service, Postgres or Redis too slow once. What is asserted within it fails at once.
 */
export async function waitFor<T>(
  condition: () => Promise<T | undefined | false | null>,
  options: { readonly what: string; readonly timeoutMs?: number },
): Promise<T> {
  const done = new AbortController();
  let fault: unknown;
  const late = sleep(options.timeoutMs ?? 60_000, 'late' as const, { signal: done.signal }).catch(
    () => 'late' as const,
  );
  try {
    for (;;) {
      const outcome = await Promise.race([poll(condition), late]);
      if (outcome === 'late') {
        throw new Error(`waited in vain: ${options.what}`, { cause: fault });
      }
      if ('met' in outcome) {
        return outcome.met;
      }
      ({ fault } = outcome);
      await sleep(20);
    }
  } finally {
    done.abort();
  }
}

async function poll<T>(
  condition: () => Promise<T | undefined | false | null>,
): Promise<{ readonly met: T } | { readonly fault: unknown }> {
  try {
    const met = await condition();
    return met === undefined || met === false || met === null ? { fault: undefined } : { met };
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') {
      throw error;
    }
    return { fault: error };
  }
}
