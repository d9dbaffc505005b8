import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectRedis } from '#redis/redis';
import { createLogger } from '#telemetry/logger';
import { waitFor } from '#testing/wait';
import { buildHttpApp, type HttpApp } from './http-app.ts';

const stack = new AsyncDisposableStack();
const ended: { readonly name: string; readonly attributes: object }[] = [];
let app: HttpApp;

beforeAll(async () => {
  const sdk = new NodeSDK({
    metricReaders: [],
    logRecordProcessors: [],
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void ended.push(span),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  sdk.start();
  stack.defer(async () => await sdk.shutdown());
  const redis = stack.adopt(
    connectRedis({ url: inject('redisUrl'), role: 'lock', onError: () => undefined }),
    (open) => open.disconnect(),
  );
  app = stack.adopt(
    await buildHttpApp({
      name: `spans-${process.pid}`,
      log: createLogger({ name: 'test', level: 'silent' }),
      problems: {
        'request.too_many': { status: 429, title: 'Too many' },
        'route.not_found': { status: 404, title: 'Nothing here' },
      },
      rateLimit: { redis, perMinute: 1 },
    }),
    async (open) => await open.close(),
  );
  app.get('/open', { config: { access: 'monitoring' } }, async () => 'open');
  app.get('/o/:token', { config: { access: 'token_in_path' } }, async () => 'an order');
  await app.ready();
});
afterAll(async () => await stack.disposeAsync());

/** The span of a request as the instrumentation of HTTP makes it, and what was answered. */
async function ask(url: string) {
  ended.length = 0;
  const [path = '', query = ''] = url.split('?');
  const attributes = { 'url.path': path, 'url.query': query };
  const answer = await trace
    .getTracer('test')
    .startActiveSpan('GET', { attributes }, async (span) => {
      const given = await app.inject({ method: 'GET', url });
      span.end();
      return given;
    });
  const [span = expect.fail('no span')] = ended;
  return { answer, name: span.name, text: JSON.stringify(span.attributes) };
}

test('a refused request leaves neither its token nor a name in its span', async () => {
  const url = '/o/secret-token?name=Zaphira';
  const passed = await ask(url);
  expect(passed.answer.statusCode).toBe(200);
  // The second, but where Redis was slow: then an instance counts alone, and from the beginning.
  const refused = await waitFor(
    async () => {
      const asked = await ask(url);
      return asked.answer.statusCode === 429 && asked;
    },
    { what: 'a refusal' },
  );
  for (const { name, text } of [passed, refused, await ask('/o/secret-token%00?name=Zaphira')]) {
    expect(name).toBe('GET /o/:token');
    expect(text).not.toMatch(/secret|zaphira/i);
  }
});

test.for(['/o/secret-token%?name=Zaphira', `/o/secret-token${'x'.repeat(400)}?name=Zaphira`])(
  'nor does an address that cannot be read, which is answered as one where nothing is: %s',
  async (url) => {
    const { answer, name, text } = await ask(url);
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'route.not_found']);
    expect(answer.body).not.toMatch(/secret|zaphira/i);
    expect(name).toBe('GET unknown');
    expect(text).not.toMatch(/secret|zaphira/i);
  },
);

test('an address that ends in a slash is the one without', async () => {
  for (const url of ['/open', '/open/', '/open/?page=1']) {
    expect((await ask(url)).answer.body, url).toBe('open');
  }
});
