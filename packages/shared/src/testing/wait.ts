import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the condition gives something, and returns it. Fails with `what` after the deadline,
 * which only bounds a failing test: it is never how long a passing one takes.
 */
export async function waitFor<T>(
  condition: () => Promise<T | undefined | false | null>,
  options: { readonly what: string; readonly timeoutMs?: number },
): Promise<T> {
  const giveUpAt = performance.now() + (options.timeoutMs ?? 15_000);
  for (;;) {
    const outcome = await condition();
    if (outcome !== undefined && outcome !== false && outcome !== null) {
      return outcome;
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`waited in vain: ${options.what}`);
    }
    await sleep(20);
  }
}
