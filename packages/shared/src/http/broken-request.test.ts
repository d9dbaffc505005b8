import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '#telemetry/logger';
import { registry } from '#telemetry/metrics';
import { waitFor } from '#testing/wait';
import { buildHttpApp, type HttpApp } from './http-app.ts';

let app: HttpApp;
const errors: unknown[] = [];

beforeAll(async () => {
  const log = createLogger({ name: 'test', level: 'silent' });
  app = await buildHttpApp({
    name: 'broken-requests',
    log: Object.assign(log, { error: (facts: unknown) => void errors.push(facts) }),
    problems: {
      'request.malformed': { status: 400, title: 'Malformed' },
      'request.headers_too_large': { status: 431, title: 'Too large' },
      'request.abandoned': { status: 499, title: 'Abandoned' },
      'request.too_slow': { status: 408, title: 'Too slow' },
    },
  });
  app.post('/', { config: { access: 'anyone' } }, async () => 'read');
  app.get('/half', { config: { access: 'anyone' } }, async (_request, reply) => {
    reply.hijack();
    reply.raw.write('half an answer');
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => await app.close());
beforeEach(() => void errors.splice(0));

/** Everything that is answered to these bytes until the connection is closed. */
async function send(...lines: readonly string[]): Promise<string> {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(lines.join('\r\n'));
  return await text(socket);
}

async function counted(code: string): Promise<number> {
  const found = new RegExp(`http_problems_total\\{code="${code}"\\} (\\d+)`).exec(
    await registry.metrics(),
  );
  return Number(found?.[1] ?? 0);
}

const post = ['POST / HTTP/1.1', 'host: here'];
const json = 'content-type: application/json';
const chunked = 'transfer-encoding: chunked';
const length = 'content-length: 4';

test.for<[what: string, code: string, status: number, lines: readonly string[]]>([
  ['another protocol', 'malformed', 400, ['\x16\x03\x01', '', '']],
  ['a length beside chunks', 'malformed', 400, [...post, length, chunked, '', '0', '', '']],
  ['two lengths', 'malformed', 400, [...post, length, 'content-length: 5', '', 'abcd']],
  ['a chunk without a length', 'malformed', 400, [...post, json, chunked, '', 'xyz', 'abc', '']],
  ['too much of headers', 'headers_too_large', 431, [...post, `x: ${'a'.repeat(17_000)}`, '', '']],
])('%s is answered with a problem document', async ([, code, status, lines]) => {
  const before = await counted(`request.${code}`);
  const [head = '', body = ''] = (await send(...lines)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code: `request.${code}` });
  expect(await counted(`request.${code}`)).toBe(before + 1);
});

test('a body that does not end is answered once its time is over, and is no fault of ours', async () => {
  expect(app.server.headersTimeout).toBeLessThanOrEqual(app.server.requestTimeout);
  Object.assign(app.server, { headersTimeout: 40, requestTimeout: 50 });
  const answer = await send(...post, json, length, '', 'ab');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'request.too_slow' });
  expect(errors).toEqual([]);
});

test('who hangs up while sending is no fault of ours either', async () => {
  const before = await counted('request.abandoned');
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const arrived = once(app.server, 'request');
  socket.write([...post, json, length, '', 'ab'].join('\r\n'));
  await arrived;
  socket.destroy();
  await waitFor(async () => (await counted('request.abandoned')) === before + 1, {
    what: 'the request to be given up',
  });
  expect(errors).toEqual([]);
});

test('what is half answered is cut off, without a second answer in the middle of it', async () => {
  const answer = await send('GET /half HTTP/1.1', 'host: here', '', 'no HTTP', '', '');
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});
