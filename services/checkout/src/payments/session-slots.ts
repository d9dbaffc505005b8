import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@liventix/shared/redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export interface SessionSlots {
  /**
   * Waits for a place in the session limit. Returns undefined when it got one, or the seconds to
   * come back after.
   */
  take(): Promise<{ retryAfterS: number } | undefined>;
}

/** The longest a request waits for its place: past it, the buyer is told to come back. */
const waitMaxMs = 5_000;

/** When Redis is away each instance takes a share, so that four of them stay under the limit. */
const instancesAssumed = 4;

/** One limit for all instances together, since Stripe counts them together. */
export function createSessionSlots(
  redis: RedisClient,
  options: { readonly perSecond: number },
): SessionSlots {
  const share = Math.max(1, Math.floor(options.perSecond / instancesAssumed));
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'stripe_sessions',
    points: options.perSecond,
    duration: 1,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory({ points: share, duration: 1 }),
  });
  return { take: async () => await takeSlot(limiter) };
}

async function takeSlot(limiter: RateLimiterRedis): Promise<{ retryAfterS: number } | undefined> {
  const giveUpAt = performance.now() + waitMaxMs;
  for (;;) {
    try {
      await limiter.consume('all');
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) {
        throw refusal;
      }
      // Spread over the next second: all waiters would otherwise come back in the same instant.
      const waitMs = Math.max(refusal.msBeforeNext, 10) + Math.random() * 200;
      if (performance.now() + waitMs > giveUpAt) {
        return { retryAfterS: Math.ceil(waitMaxMs / 1_000) };
      }
      await sleep(waitMs);
    }
  }
}
