import { problems } from '@liventix/contracts/problems';
import { buildHttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '#deps';
import { eventsRoutes } from '#events/events-routes';
import { ordersRoutes } from '#orders/orders-routes';
import { mountBoard } from '#queues/board';

/** Builds the HTTP side without listening, so that tests can inject requests. */
export async function buildApp(deps: Deps): Promise<FastifyInstance> {
  const app = buildHttpApp({ log: deps.log, problems });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  app.get('/', async (_request, reply) => await reply.redirect('/queues'));
  eventsRoutes(app, deps);
  ordersRoutes(app, deps);
  await mountBoard(app, deps);
  return app;
}
