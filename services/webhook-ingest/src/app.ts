import { problems } from '@liventix/contracts/problems';
import { buildHttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '#deps';
import { stripeRoutes } from '#stripe/stripe-routes';

/** Stripe's events stay far below; anything larger is not one. */
const bodyLimitBytes = 512 * 1024;

/** The service without a port. Redis is no part of being ready: storing an event is all we owe. */
export function buildApp(deps: Deps): FastifyInstance {
  const app = buildHttpApp({ log: deps.log, problems, bodyLimit: bodyLimitBytes });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  app.register((scope, _options, done) => {
    stripeRoutes(scope, deps);
    done();
  });
  return app;
}
