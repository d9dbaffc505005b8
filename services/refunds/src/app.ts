import { problems } from '@liventix/contracts/problems';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import type { Deps } from '#deps';

/** Says whether this worker is well; it answers nobody else. */
export async function buildApp(deps: Pick<Deps, 'db' | 'log'>): Promise<HttpApp> {
  const app = await buildHttpApp({ name: 'refunds', log: deps.log, problems });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  return app;
}
