import { runProcess } from '@liventix/shared/lifecycle';
import { startWatch } from '@liventix/watch';
import { startReporting } from '@liventix/watch/report';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { openDeps } from '#deps';
import { startWorker } from '#worker';

const config = loadConfig();

await runProcess({
  name: 'inventory-sweeper',
  level: config.LOG_LEVEL,
  reports: config,
  start: async (stack, log) => {
    const deps = await openDeps(config, stack, log);
    stack.use(startReporting({ service: 'inventory-sweeper', db: deps.db, log }));
    stack.adopt(startWorker(config, deps), async (open) => await open.close());
    stack.use(
      startWatch({ db: deps.db, redis: deps.watchRedis, prefix: config.QUEUE_PREFIX, log }, config),
    );
    const app = stack.adopt(await buildApp(deps), async (open) => await open.close());
    await app.listen({ host: config.HOST, port: config.PORT });
    return { app };
  },
});
