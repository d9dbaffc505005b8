import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';
import { loadConfig } from './config.ts';

/** Hands requests to the instances in turn. For one machine; in production the platform's does it. */
const config = loadConfig();
const app = Fastify({
  logger: false,
  bodyLimit: 1024 * 1024,
  routerOptions: { maxParamLength: 300 },
});

let turn = 0;
await app.register(proxy, {
  upstream: '',
  replyOptions: {
    getUpstream: () => {
      turn += 1;
      return config.UPSTREAMS[turn % config.UPSTREAMS.length] ?? '';
    },
  },
});
await app.listen({ host: '127.0.0.1', port: config.PORT });

const stop = async () => {
  await app.close();
  process.exit();
};
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.once(signal, () => void stop());
}
