import type { FastifyInstance } from 'fastify';
import { AppError } from '#errors/errors';
import { clientOf, SharedLimit } from '#limits/shared-limit';
import type { RedisClient } from '#redis/redis';

/** One limit a client for all instances. Probes and scrapes, and providers' webhooks, have none. */
export function limitRate(
  app: FastifyInstance,
  options: { readonly redis: RedisClient; readonly perMinute: number; readonly name: string },
): void {
  if (options.perMinute === 0) {
    return;
  }
  const limit = new SharedLimit({
    redis: options.redis,
    name: `rate:${options.name}`,
    points: options.perMinute,
    window: 60,
  });
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    if (access === 'monitoring' || access === 'provider_signature') {
      return;
    }
    const taking = await limit.take(clientOf(request.ip));
    if (!taking.ok) {
      throw new AppError('request.too_many', {
        message: 'Too many requests from your address. Slow down and try again.',
        retry: 'transient',
        details: { retryAfterS: Math.ceil(taking.waitMs / 1_000) },
      });
    }
  });
}
