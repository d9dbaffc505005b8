import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#errors/errors';
import { buildHttpApp, type HttpApp } from '#http/http-app';
import { operation } from '#http/operation';
import { createLogger } from '#telemetry/logger';
import { openEventStream } from '#testing/event-stream';
import { waitFor } from '#testing/wait';
import { Hub, type HubOptions } from './hub.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const intervalMs = 25;

/** A source that counts how often it is asked, and how many ask at once. */
class Source {
  values = new Map([['news', 1]]);
  asked = 0;
  atOnce = 0;
  atOnceMax = 0;
  delayMs = 0;
  isBroken = false;
  padding = '';

  async read(topic: string) {
    this.asked += 1;
    this.atOnce += 1;
    this.atOnceMax = Math.max(this.atOnceMax, this.atOnce);
    await sleep(this.delayMs);
    this.atOnce -= 1;
    if (this.isBroken) {
      throw new Error('the source is away');
    }
    const value = this.values.get(topic);
    const asOf = new Date();
    return value === undefined
      ? undefined
      : {
          asOf,
          state: String(value),
          data: JSON.stringify({ value, asOf, padding: this.padding }),
        };
  }
}

interface Instance {
  readonly app: HttpApp;
  readonly url: string;
  readonly port: number;
}

let source: Source;
let opened: HttpApp[];

beforeEach(() => {
  source = new Source();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map(async (app) => await app.close()));
});

async function start(
  options: Partial<HubOptions> = {},
  trustedProxies: readonly string[] = [],
): Promise<Instance> {
  const problems = {
    'topic.not_found': { status: 404, title: 'There is no such topic' },
    'stream.too_many': { status: 429, title: 'Too many streams' },
    'stream.unavailable': { status: 503, title: 'No stream' },
    'internal.error': { status: 500, title: 'Broken' },
    'request.invalid': { status: 400, title: 'Invalid' },
  };
  const app = await buildHttpApp({ name: 'test', log, problems, trustedProxies });
  const limits = { total: 0, perAddress: 0 };
  const read = async (topic: string) => await source.read(topic);
  const hub = new Hub({ event: 'state', log, intervalMs, limits, read, ...options });
  app.addHook('preClose', async () => await hub.close());
  const described = operation({ summary: 'A', tag: 'T', access: 'anyone', answers: {} });
  app.get<{ Params: { topic: string } }>('/:topic', described, async (request, reply) => {
    if (!(await hub.join(request.params.topic, request, reply))) {
      throw new AppError('topic.not_found', { message: 'None.', retry: 'permanent' });
    }
    return reply;
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  opened.push(app);
  const { port } = app.server.address() as AddressInfo;
  return { app, port, url: `http://127.0.0.1:${port}` };
}

test('a listener gets the state at once, and then what changes', async () => {
  const { url } = await start();
  const stream = await openEventStream(`${url}/news`);
  expect(stream.status).toBe(200);
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  expect(await stream.event(1)).toMatchObject({ name: 'state', data: { value: 1 } });
  expect(stream.retryMs()).toBeGreaterThanOrEqual(1_000);
  source.values.set('news', 2);
  expect((await stream.event(2)).data.value).toBe(2);
  await sleep(intervalMs * 4);
  expect(stream.events).toHaveLength(2);
});

test('ids of a stream rise, and name their state', async () => {
  const { url } = await start();
  const stream = await openEventStream(`${url}/news`);
  await stream.event(1);
  source.values.set('news', 2);
  await stream.event(2);
  source.values.set('news', 1);
  await stream.event(3);
  const [first, second, third] = stream.events.map(({ id }) => id.split('-', 2));
  expect(first?.[1]).toBe(third?.[1]);
  expect(first?.[1]).not.toBe(second?.[1]);
  expect(Number(second?.[0])).toBeGreaterThan(Number(first?.[0]));
  expect(Number(third?.[0])).toBeGreaterThan(Number(second?.[0]));
});

test('many listeners cost as many readings as one, and none costs none', async () => {
  const intervalMs = 50;
  const { url } = await start({ intervalMs });
  const startedAt = performance.now();
  const streams = await Promise.all(
    Array.from({ length: 40 }, async () => await openEventStream(`${url}/news`)),
  );
  await waitFor(async () => source.asked >= 10, { what: 'ten readings' });
  expect(source.asked).toBeLessThanOrEqual((performance.now() - startedAt) / intervalMs + 2);
  for (const stream of streams) {
    stream.leave();
  }
  await waitFor(
    async () => {
      const asked = source.asked;
      await sleep(200);
      return source.asked === asked;
    },
    { what: 'the readings to end' },
  );
  expect((await openEventStream(`${url}/news`)).status).toBe(200);
});

test('a slow source is never asked twice at once, and one that fails is asked again', async () => {
  const { url } = await start();
  source.delayMs = 60;
  const stream = await openEventStream(`${url}/news`);
  await stream.event(1);
  source.isBroken = true;
  const before = source.asked;
  await waitFor(async () => source.asked >= before + 2, { what: 'it to be asked while broken' });
  source.isBroken = false;
  source.values.set('news', 2);
  expect((await stream.event(2)).data.value).toBe(2);
  expect(source.atOnceMax).toBe(1);
});

test('topics share two readings at a time', async () => {
  const { url } = await start();
  source.delayMs = 30;
  const topics = Array.from({ length: 8 }, (_, n) => `topic-${n}`);
  for (const topic of topics) {
    source.values.set(topic, 1);
  }
  const streams = await Promise.all(
    topics.map(async (topic) => await openEventStream(`${url}/${topic}`)),
  );
  await Promise.all(streams.map(async (stream) => await stream.event(1)));
  expect(source.atOnceMax).toBe(2);
});

test('a source that fails at first is an error, and an unknown topic is none', async () => {
  const { url } = await start();
  expect((await openEventStream(`${url}/other`)).status).toBe(404);
  source.isBroken = true;
  expect((await openEventStream(`${url}/news`)).status).toBe(500);
  source.isBroken = false;
  expect((await openEventStream(`${url}/news`)).status).toBe(200);
});

test('who comes back to the same state, even at another instance, gets no snapshot', async () => {
  const [here, there] = [await start(), await start()];
  const stream = await openEventStream(`${here.url}/news`);
  const { id } = await stream.event(1);
  const back = await openEventStream(`${there.url}/news`, { 'last-event-id': id });
  await sleep(intervalMs * 4);
  expect(back.events).toEqual([]);
  source.values.set('news', 2);
  expect((await back.event(1)).data.value).toBe(2);
  const late = await openEventStream(`${there.url}/news`, { 'last-event-id': id });
  expect((await late.event(1)).data.value).toBe(2);
  const foreign = await openEventStream(`${there.url}/news`, { 'last-event-id': 'foreign' });
  expect((await foreign.event(1)).data.value).toBe(2);
});

test('who has seen a later state than this instance is never shown an older one', async () => {
  const { url } = await start({ intervalMs: 200 });
  const first = await openEventStream(`${url}/news`);
  const { id } = await first.event(1);
  const laterMs = Number(id.split('-', 1)[0]) + 60_000;
  const elsewhere = await openEventStream(`${url}/news`, {
    'last-event-id': `${laterMs}-AAAAAAAAAAAA`,
  });
  await sleep(50);
  expect(elsewhere.events).toEqual([]);
  source.values.set('news', 2);
  expect((await elsewhere.event(1)).data.value).toBe(2);
  await first.event(2);
  expect(elsewhere.events).toHaveLength(1);
});

test('who knows another state gets ours after the next reading, though nothing changed', async () => {
  const { url } = await start();
  const back = await openEventStream(`${url}/news`, {
    'last-event-id': `${Date.now() + 60_000}-AAAAAAAAAAAA`,
  });
  expect((await back.event(1)).data.value).toBe(1);
});

test('a hundred changes in a second are told four times', async () => {
  const { url } = await start({ intervalMs: 250 });
  const stream = await openEventStream(`${url}/news`);
  await stream.event(1);
  for (let n = 1; n <= 100; n += 1) {
    source.values.set('news', n + 1);
    await sleep(10);
  }
  await waitFor(async () => stream.events.at(-1)?.data.value === 101, { what: 'the last value' });
  const times = stream.events.map(({ atMs }) => atMs).slice(1);
  for (const [index, atMs] of times.entries()) {
    const within = times.slice(index).filter((other) => other - atMs < 1_000 - 20);
    expect(within.length).toBeLessThanOrEqual(4);
  }
});

test('a heartbeat tells proxies that the stream is alive', async () => {
  const { url } = await start({ heartbeatMs: 30 });
  const stream = await openEventStream(`${url}/news`);
  await waitFor(async () => stream.beats() >= 3, { what: 'three beats' });
  expect(stream.events).toHaveLength(1);
});

test('a client that does not read is cut off, and the others go on', async () => {
  const { url } = await start();
  source.padding = 'x'.repeat(1_000_000);
  const slow = await openEventStream(`${url}/news`);
  const quick = await openEventStream(`${url}/news`);
  await slow.event(1);
  slow.pause();
  for (let n = 2; n <= 24; n += 1) {
    source.values.set('news', n);
    expect((await quick.event(n)).data.value).toBe(n);
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^sse_dropped_slow_total 1$/m);
  expect(slow.events.length).toBeLessThan(24);
});

/** A client that stopped reading, and changes until something is left unsent to it. */
async function clog({ app, url }: Instance): Promise<void> {
  const sockets: Socket[] = [];
  app.server.on('connection', (socket: Socket) => sockets.push(socket));
  source.padding = 'x'.repeat(20_000);
  const slow = await openEventStream(`${url}/news`);
  await slow.event(1);
  slow.pause();
  while (sockets.every((socket) => socket.writableLength === 0)) {
    source.values.set('news', (source.values.get('news') ?? 0) + 1);
    await sleep(1);
  }
}

test('a client that stopped reading is cut off by heartbeats, though nothing changes', async () => {
  const instance = await start({ intervalMs: 2, heartbeatMs: 50 });
  const { url } = instance;
  await clog(instance);
  const dropped = async () =>
    /^sse_dropped_slow_total (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  const before = await dropped();
  await waitFor(async () => (await dropped()) !== before, { what: 'the client to be cut off' });
});

test('each address, and all together, may have so many streams', async () => {
  const few = await start({ limits: { total: 0, perAddress: 2 } });
  const kept = [await openEventStream(`${few.url}/news`), await openEventStream(`${few.url}/news`)];
  const refused = await openEventStream(`${few.url}/news`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  kept[0]?.leave();
  await waitFor(async () => (await openEventStream(`${few.url}/news`)).status === 200, {
    what: 'a place to be free again',
  });
  const full = await start({ limits: { total: 1, perAddress: 0 } });
  await openEventStream(`${full.url}/news`);
  const late = await openEventStream(`${full.url}/news`);
  expect(late.status).toBe(503);
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
  expect((await openEventStream(`${full.url}/other`)).status).toBe(503);
});

test('all addresses of an IPv6 network have their streams together', async () => {
  const limits = { total: 0, perAddress: 1 };
  const { url } = await start({ limits }, ['127.0.0.1']);
  const from = async (address: string) =>
    (await openEventStream(`${url}/news`, { 'x-forwarded-for': address })).status;
  expect(await from('2001:db8:1:2::1')).toBe(200);
  expect(await from('2001:db8:1:2:ffff::9')).toBe(429);
  expect(await from('2001:db8:1:3::1')).toBe(200);
});

test('a stop ends each stream as complete, and at once', async () => {
  const { app, url } = await start();
  const streams = await Promise.all(
    Array.from({ length: 20 }, async () => await openEventStream(`${url}/news`)),
  );
  const started = performance.now();
  await app.close();
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(new Set(await Promise.all(streams.map(async (stream) => await stream.ended)))).toEqual(
    new Set(['complete']),
  );
  const asked = source.asked;
  await sleep(intervalMs * 4);
  expect(source.asked).toBe(asked);
});

test('a stop does not wait for a client that does not read', async () => {
  const instance = await start({ intervalMs: 2, heartbeatMs: 60_000 });
  await clog(instance);
  const started = performance.now();
  await instance.app.close();
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('a topic that vanishes ends its streams, and who comes back is told', async () => {
  const { url } = await start();
  const stream = await openEventStream(`${url}/news`);
  await stream.event(1);
  source.values.delete('news');
  expect(await stream.ended).toBe('complete');
  expect((await openEventStream(`${url}/news`)).status).toBe(404);
  source.values.set('news', 3);
  expect((await (await openEventStream(`${url}/news`)).event(1)).data.value).toBe(3);
});

test('asking for the head, or leaving before the first reading, opens nothing', async () => {
  const { url } = await start({ limits: { total: 1, perAddress: 0 } });
  const head = await fetch(`${url}/news`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-type')).toBe('text/event-stream');
  expect((await fetch(`${url}/other`, { method: 'HEAD' })).status).toBe(404);
  source.delayMs = 100;
  const gone = new AbortController();
  const leaving = fetch(`${url}/news`, { signal: gone.signal }).catch(() => undefined);
  await waitFor(async () => source.atOnce === 1, { what: 'the reading' });
  gone.abort();
  await leaving;
  await waitFor(async () => (await openEventStream(`${url}/news`)).status === 200, {
    what: 'the only place to be free',
  });
});

async function talk(
  port: number,
  request: string,
): Promise<{ text: () => string; socket: Socket }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.write(request);
  return { text: () => text, socket };
}

test('HTTP/1.0 gets the bare text, whose end is that of the connection', async () => {
  const { app, port } = await start();
  const { text, socket } = await talk(port, 'GET /news HTTP/1.0\r\n\r\n');
  await waitFor(async () => text().includes('data: '), { what: 'the snapshot' });
  expect(text()).not.toContain('transfer-encoding');
  expect(text()).toMatch(/\r\n\r\nretry: \d+\n\nid: \d+-.{12}\nevent: state\ndata: \{.*\}\n\n$/);
  await app.close();
  await waitFor(async () => socket.readableEnded, { what: 'the end' });
});

test('a request behind another one on the same connection is refused a stream', async () => {
  const { port } = await start();
  source.delayMs = 50;
  const { text, socket } = await talk(
    port,
    'GET /other HTTP/1.1\r\nhost: x\r\n\r\nGET /news HTTP/1.1\r\nhost: x\r\n\r\n',
  );
  await waitFor(async () => text().match(/HTTP\/1\.1/g)?.length === 2, { what: 'both answers' });
  expect(text()).toContain('404');
  socket.destroy();
});

test('another request on the connection of a stream is not answered into it', async () => {
  const { port } = await start();
  const request = 'GET /news HTTP/1.1\r\nhost: x\r\n\r\n';
  const { text, socket } = await talk(port, request + request);
  await waitFor(async () => text().includes('data: '), { what: 'the snapshot' });
  socket.write('GET /other HTTP/1.1\r\nhost: x\r\n\r\nrubbish');
  source.values.set('news', 2);
  await waitFor(async () => text().includes('"value":2'), { what: 'the change' });
  expect(text().match(/HTTP\/1\.1/g)).toHaveLength(1);
  socket.destroy();
});

test('Node gives back what it keeps for the requests of a connection', async () => {
  const { app, url } = await start();
  const sockets: Socket[] = [];
  app.server.on('connection', (socket: Socket) => sockets.push(socket));
  const stream = await openEventStream(`${url}/news`);
  await stream.event(1);
  const [socket] = sockets;
  expect(socket).toMatchObject({ parser: null, _httpMessage: null });
  expect(socket?.listenerCount('timeout')).toBe(0);
  stream.leave();
  await waitFor(async () => socket?.closed === true, { what: 'the connection to be closed' });
});
