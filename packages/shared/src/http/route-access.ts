import type { FastifyInstance, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is, once the application is ready. */
    knownRoutes: readonly RouteOptions[];
  }
}

/** Refuses to start with a route that does not say who may call it. */
export function requireAccess(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.decorate('knownRoutes', routes);
  app.addHook('onRoute', (route) => {
    // A browser's preflight: anyone may ask, and it does nothing.
    if (route.method !== 'OPTIONS') {
      routes.push(route);
    }
  });
  app.addHook('onReady', async () => {
    const open = routes.filter((route) => route.config?.access === undefined);
    if (open.length > 0) {
      const names = open.map((route) => `${String(route.method)} ${route.url}`).join(', ');
      throw new Error(`these routes do not say who may call them: ${names}`);
    }
  });
}
