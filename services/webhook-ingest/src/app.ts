import { problems } from '@liventix/contracts/problems';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { Deps } from '#deps';
import { resendRoutes } from '#resend/resend-routes';
import { stripeRoutes } from '#stripe/stripe-routes';

/** Stripe's events stay far below; anything larger is not one. */
const bodyLimitBytes = 512 * 1024;

const api = {
  title: 'Liventix webhooks',
  description: 'Takes the signed events of payment and mail providers. Only providers call it.',
};

/** The service without a port. Redis is no part of being ready: storing an event is all we owe. */
export async function buildApp(deps: Deps): Promise<HttpApp> {
  const app = await buildHttpApp({
    name: 'webhook-ingest',
    log: deps.log,
    problems,
    alarmingProblems: ['webhook.too_old', 'webhook.signature_invalid'],
    bodyLimit: bodyLimitBytes,
    api,
  });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  await app.register((scope, _options, done) => {
    stripeRoutes(scope, deps);
    resendRoutes(scope, deps);
    done();
  });
  return app;
}
