import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
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
  app.get('/late', { config: { access: 'anyone' } }, async () => await new Promise(() => {}));
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
  ['no host', 'malformed', 400, ['POST / HTTP/1.1', 'content-length: 0', '', '']],
  ['no host, and no chunk', 'malformed', 400, ['POST / HTTP/1.1', json, chunked, '', 'xyz', '']],
  ['two hosts', 'malformed', 400, [...post, 'host: there', 'content-length: 0', '', '']],
  ['too much of headers', 'headers_too_large', 431, [...post, `x: ${'a'.repeat(17_000)}`, '', '']],
])('%s is answered with a problem document', async ([, code, status, lines]) => {
  const before = await counted(`request.${code}`);
  const [head = '', body = ''] = (await send(...lines)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code: `request.${code}` });
  expect(await counted(`request.${code}`)).toBe(before + 1);
});

test('what comes behind a request without a host is neither answered nor counted', async () => {
  const before = await counted('request.malformed');
  const hostless = ['GET /half HTTP/1.1', '', ''];
  const behind = [...hostless, 'GET /half HTTP/1.1', 'host: here', '', ''];
  const answers = await send([...hostless.slice(0, -1), ...behind].join('\r\n'));
  expect(answers.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  expect(answers).not.toContain('half an answer');
  expect(await counted('request.malformed')).toBe(before + 1);
});

test('what somebody expects that is nothing to us is left unheard', async () => {
  const expecting = [...post, 'expect: tea', 'content-length: 0', 'connection: close', '', ''];
  expect(await send(...expecting)).toMatch(/^HTTP\/1\.1 200 /);
});

/** Limits of a few milliseconds, while something is done that they end. */
async function inHaste<T>(work: () => Promise<T>): Promise<T> {
  const { headersTimeout, requestTimeout } = app.server;
  expect(headersTimeout).toBeLessThanOrEqual(requestTimeout);
  Object.assign(app.server, { headersTimeout: 40, requestTimeout: 50 });
  try {
    return await work();
  } finally {
    Object.assign(app.server, { headersTimeout, requestTimeout });
  }
}

test('a body that does not end is answered once its time is over, counted once, and no fault of ours', async () => {
  const before = [await counted('request.too_slow'), await counted('request.abandoned')];
  const arrived = once(app.server, 'request');
  const answer = await inHaste(async () => await send(...post, json, length, '', 'ab'));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'request.too_slow' });
  const [request] = await arrived;
  await waitFor(async () => request.closed, { what: 'the request to end' });
  const [slow = 0, abandoned] = before;
  expect(await counted('request.too_slow')).toBe(slow + 1);
  expect(await counted('request.abandoned')).toBe(abandoned);
  expect(errors).toEqual([]);
});

test('a connection that nothing comes on is closed, and told nothing', async () => {
  const before = await counted('request.too_slow');
  const { port } = app.server.address() as AddressInfo;
  expect(await inHaste(async () => await text(connect(port, '127.0.0.1')))).toBe('');
  expect(await counted('request.too_slow')).toBe(before);
});

test.for<[how: string, hangUp: (socket: Socket) => unknown]>([
  ['with a reset', (socket) => socket.resetAndDestroy()],
  ['in the middle of it', (socket) => socket.end()],
])('who hangs up while sending, %s, is no fault of ours either', async ([, hangUp]) => {
  const before = await counted('request.abandoned');
  const malformed = await counted('request.malformed');
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const arrived = once(app.server, 'request');
  socket.write([...post, json, length, '', 'ab'].join('\r\n'));
  await arrived;
  hangUp(socket);
  await waitFor(async () => (await counted('request.abandoned')) === before + 1, {
    what: 'the request to be given up',
  });
  expect(await counted('request.malformed')).toBe(malformed);
  expect(errors).toEqual([]);
});

test('what is half answered is cut off, without a second answer in the middle of it', async () => {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /half HTTP/1.1\r\nhost: here\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('half an answer');
  socket.write('no HTTP\r\n\r\n');
  expect(await text(socket)).toBe('');
});

test('what is no HTTP after a whole request is not told as the answer to that', async () => {
  const wholes = ['GET /late HTTP/1.1', 'host: here', '', 'no HTTP', '', ''];
  expect(await send(...wholes)).not.toContain('request.malformed');
});
