import { runProcess } from '@liventix/shared/lifecycle';
import { startReporting } from '@liventix/watch/report';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { openDeps } from '#deps';
import { startWorker } from '#worker';

const config = loadConfig();

await runProcess({
  name: 'refunds',
  level: config.LOG_LEVEL,
  reports: config,
  start: async (stack, log) => {
    const deps = await openDeps(config, stack, log);
    stack.use(startReporting({ service: 'refunds', db: deps.db, log }));
    stack.adopt(startWorker(config, deps), async (open) => await open.close());
    const app = stack.adopt(await buildApp(deps), async (open) => await open.close());
    await app.listen({ host: config.HOST, port: config.PORT });
    return { app };
  },
});
