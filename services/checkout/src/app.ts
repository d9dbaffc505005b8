import { problems } from '@liventix/contracts/problems';
import { buildHttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '#deps';
import { eventsRoutes } from '#events/events-routes';
import { holdsRoutes } from '#holds/holds-routes';
import { orderPageRoutes } from '#orders/order-page-routes';
import { ordersRoutes } from '#orders/orders-routes';
import { ticketsRoutes } from '#tickets/tickets-routes';

/** Builds the HTTP side without listening, so that tests can inject requests. */
export function buildApp(deps: Deps): FastifyInstance {
  const app = buildHttpApp({ log: deps.log, problems });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  eventsRoutes(app, deps);
  holdsRoutes(app, deps);
  ordersRoutes(app, deps);
  orderPageRoutes(app, deps);
  ticketsRoutes(app, deps);
  return app;
}
