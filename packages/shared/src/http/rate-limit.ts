import type { FastifyInstance } from 'fastify';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#errors/errors';
import type { RedisClient } from '#redis/redis';

/** After a fault of Redis each instance counts alone for this long, so that no request waits on it. */
const aloneMs = 5_000;

/**
 * One limit a client address for all instances together. It protects; it is no accounting: without
 * Redis each instance counts alone. Probes and scrapes, and providers' webhooks, are not limited.
 */
export function limitRate(
  app: FastifyInstance,
  limit: { readonly redis: RedisClient; readonly perMinute: number; readonly name: string },
): void {
  if (limit.perMinute === 0) {
    return;
  }
  const alone = new RateLimiterMemory({ points: limit.perMinute, duration: 60 });
  const together = new RateLimiterRedis({
    storeClient: limit.redis,
    keyPrefix: `rate:${limit.name}`,
    points: limit.perMinute,
    duration: 60,
    rejectIfRedisNotReady: true,
    inMemoryBlockOnConsumed: limit.perMinute + 1,
  });
  let aloneUntil = 0;
  const consume = async (address: string) => {
    if (Date.now() < aloneUntil) {
      return await alone.consume(address);
    }
    try {
      return await together.consume(address);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) {
        throw refusal;
      }
      aloneUntil = Date.now() + aloneMs;
      return await alone.consume(address);
    }
  };
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    if (access === 'monitoring' || access === 'provider_signature') {
      return;
    }
    try {
      await consume(request.ip);
    } catch (refusal) {
      const waitMs = refusal instanceof RateLimiterRes ? refusal.msBeforeNext : 1_000;
      throw new AppError('request.too_many', {
        message: 'Too many requests from your address. Slow down and try again.',
        retry: 'transient',
        cause: refusal,
        details: { retryAfterS: Math.ceil(waitMs / 1_000) },
      });
    }
  });
}
