import { problems } from '@liventix/contracts/problems';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { Deps } from '#deps';
import { doorRoutes } from '#door/door-routes';
import { offlineRoutes } from '#door/offline-routes';

const api = {
  title: 'Liventix door',
  description:
    'For devices at the gates. Send the device key as `Authorization: Bearer`; a device sees the tickets of its own event alone.',
  credentials: { device_key: 'The key of a device, which operations make for a gate.' },
};

/** The door's HTTP side, beside the worker that issues what is shown there. */
export async function buildApp(deps: Deps): Promise<HttpApp> {
  const { config } = deps;
  const app = await buildHttpApp({
    name: 'ticketing',
    log: deps.log,
    problems,
    api,
    trustedProxies: config.TRUSTED_PROXIES,
    rateLimit: { redis: deps.locks, perMinute: config.RATE_LIMIT_PER_MINUTE },
  });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  doorRoutes(app, deps);
  offlineRoutes(app, deps);
  return app;
}
