import { problems } from '@liventix/contracts/problems';
import { buildHttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '#deps';

export function buildApp(deps: Pick<Deps, 'db' | 'log'>): FastifyInstance {
  const app = buildHttpApp({ log: deps.log, problems });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  return app;
}
