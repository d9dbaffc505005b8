import { setTimeout as sleep } from 'node:timers/promises';
import { SharedLimit } from '@liventix/shared/limits';
import type { RedisClient } from '@liventix/shared/redis';

export interface SessionSlots {
  /**
   * Waits for a place in the session limit. Returns undefined when it got one, or the seconds to
   * come back after.
   */
  take(): Promise<{ retryAfterS: number } | undefined>;
}

/** The longest a request waits for its place: past it, the buyer is told to come back. */
const waitMaxMs = 5_000;

/** One limit for all instances together, since Stripe counts them together. */
export function createSessionSlots(
  redis: RedisClient,
  options: { readonly perSecond: number },
): SessionSlots {
  const limit = new SharedLimit({
    redis,
    name: 'stripe_sessions',
    points: options.perSecond,
    window: 1,
  });
  return { take: async () => await takeSlot(limit) };
}

async function takeSlot(limit: SharedLimit): Promise<{ retryAfterS: number } | undefined> {
  const giveUpAt = performance.now() + waitMaxMs;
  for (;;) {
    const taking = await limit.take('all');
    if (taking.ok) {
      return undefined;
    }
    // Spread over the next second: all waiters would otherwise come back in the same instant.
    const waitMs = Math.max(taking.waitMs, 10) + Math.random() * 200;
    if (performance.now() + waitMs > giveUpAt) {
      return { retryAfterS: Math.ceil(waitMaxMs / 1_000) };
    }
    await sleep(waitMs);
  }
}
