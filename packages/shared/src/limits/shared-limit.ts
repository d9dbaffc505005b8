import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisClient } from '#redis/redis';

/** After a fault of Redis an instance counts alone for this long, so that no request waits on it. */
const aloneMs = 5_000;

/** While Redis is away each instance lets a share through, so that four of them keep the limit. */
const instancesAssumed = 4;

/** Either they were taken, or the milliseconds until the window ends. */
export type Taking = { readonly ok: true } | { readonly ok: false; readonly waitMs: number };

/**
 * So many points a key and window, for all instances together. It protects; it is no accounting:
 * without Redis each instance counts its share alone, and what Redis forgot is free again.
 */
export class SharedLimit {
  readonly #together: RateLimiterRedis;
  readonly #alone: RateLimiterMemory;
  #aloneUntil = 0;

  constructor(options: {
    readonly redis: RedisClient;
    readonly name: string;
    readonly points: number;
    /** Seconds. */
    readonly window: number;
  }) {
    const { redis, name, points, window: duration } = options;
    const share = Math.max(1, Math.floor(points / instancesAssumed));
    this.#alone = new RateLimiterMemory({ points: share, duration });
    this.#together = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: name,
      points,
      duration,
      rejectIfRedisNotReady: true,
    });
  }

  async take(key: string, points = 1): Promise<Taking> {
    try {
      await this.#ask(async (limiter) => await limiter.consume(key, points));
      return { ok: true };
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) {
        return { ok: false, waitMs: refusal.msBeforeNext };
      }
      throw refusal;
    }
  }

  async giveBack(key: string, points: number): Promise<void> {
    await this.#ask(async (limiter) => await limiter.reward(key, points));
  }

  async #ask<T>(what: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<T>): Promise<T> {
    if (Date.now() < this.#aloneUntil) {
      return await what(this.#alone);
    }
    try {
      return await what(this.#together);
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        throw error;
      }
      this.#aloneUntil = Date.now() + aloneMs;
      return await what(this.#alone);
    }
  }
}

/**
 * Whom an address stands for: a home or an office gets a whole IPv6 network of 64 bits, so that one
 * client has 2^64 addresses, and counts as one (RFC 6177). IPv4 in IPv6 counts as IPv4.
 */
export function clientOf(address: string): string {
  if (!ipaddr.isValid(address)) {
    return address;
  }
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : parsed.toString();
}
