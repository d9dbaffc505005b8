import { constants, setPriority } from 'node:os';
import { runProcess } from '@liventix/shared/lifecycle';
import { startReporting } from '@liventix/watch/report';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { openDeps } from '#deps';
import { startReleasing } from '#emails/release-withheld';
import { startWorker } from '#worker';

const config = loadConfig();

// Rendering codes takes most of the processor; selling goes first on a machine that both share.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

await runProcess({
  name: 'notifications',
  level: config.LOG_LEVEL,
  reports: config,
  start: async (stack, log) => {
    const deps = await openDeps(config, stack, log);
    stack.use(startReporting({ service: 'notifications', db: deps.db, log }));
    stack.adopt(startWorker(config, deps), async (open) => await open.close());
    stack.adopt(startReleasing(deps), (stop) => stop());
    const app = stack.adopt(await buildApp(deps), async (open) => await open.close());
    await app.listen({ host: config.HOST, port: config.PORT });
    return { app };
  },
});
