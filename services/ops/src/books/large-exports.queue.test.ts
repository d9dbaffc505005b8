import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApiKey } from '@liventix/domain/access/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadTestScale } from '#testing/config';
import { insertManyEntries, insertManyTickets } from '#testing/many-rows';
import { makeOneOfEach } from '#testing/objects';
import { keyOf, openOps, type TestOps } from '#testing/ops';

const count = loadTestScale().isLong ? 1_000_000 : 200_000;
const minutesMs = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const stack = new AsyncDisposableStack();
let ops: TestOps;
let port: number;
let key: string;
let event: string;

beforeAll(async () => {
  const urls = { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl') };
  ops = await openOps(stack, urls);
  const own = await makeOneOfEach(ops.db, ops.here);
  event = own.event;
  const owner = {
    organizationId: ops.here,
    eventId: own.event,
    orderId: own.order,
    tierId: own.tier,
    count,
  };
  const { DATABASE_URL: url } = ops.deps.config;
  await insertManyTickets(url, owner);
  await insertManyEntries(url, owner);
  key = await keyOf(ops, ops.here, { role: 'read_only' });
  await ops.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = ops.app.server.address() as AddressInfo);
}, 10 * minutesMs);
afterAll(async () => await stack.disposeAsync());

/** An answer that has begun; nothing of it is read yet but its head. */
async function begin(path: string, by = key): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${by}` };
  const request = get({ port, path, headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  return response;
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Reads all of it and keeps nothing: its lines and size, and the most memory in use meanwhile. */
async function readThrough(response: IncomingMessage) {
  const sampleBytes = 4 * 1024 * 1024;
  let [lines, bytes, peakBytes, sampled] = [0, 0, 0, 0];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    lines += chunk.toString('latin1').split('\n').length - 1;
    if (bytes - sampled > sampleBytes) {
      sampled = bytes;
      peakBytes = Math.max(peakBytes, usedBytes());
    }
  }
  return { lines, bytes, peakBytes };
}

/** Pages that the service reads for exports, from now on. */
function watchPages(): () => number {
  let pages = 0;
  ops.deps.db.pool.on('query', ({ sql }: { readonly sql: string }) => {
    pages += /from tickets k|from ledger_transactions/.test(sql) ? 1 : 0;
  });
  return () => pages;
}

function connectionsInUse(): number {
  return ops.deps.db.pool.client.pool.numUsed();
}

const exports = [
  { what: 'the guest list', path: () => `/admin/v1/events/${event}/guests.csv`, perPage: 1_000 },
  {
    what: 'the ledger',
    path: () => '/admin/v1/books/entries.csv?from=2030-06-01&until=2030-07-01',
    perPage: 2_000,
  },
];

test.each(exports)(
  '$what is sent as it is read, and not to who left or does not listen',
  async ({ path, perPage }) => {
    const [before, pages, whole] = [usedBytes(), watchPages(), count / perPage];
    const left = await begin(path());
    await once(left, 'data');
    left.destroy();
    const idle = await begin(path());
    const { lines, bytes, peakBytes } = await readThrough(await begin(path()));
    expect(lines).toBeGreaterThanOrEqual(count + 1);
    expect(bytes).toBeGreaterThan(count * 100);
    expect(peakBytes - before).toBeLessThan(bytes / 3);
    // Had the other two been read to their end, three times as many had been read by now.
    expect(pages()).toBeLessThan(1.6 * whole);
    // Whoever does not listen may be in the midst of the page that fills the line.
    await waitFor(async () => connectionsInUse() === 0, { what: 'nobody to keep a connection' });
    idle.destroy();
    await waitFor(async () => (await openConnections()) === 0, {
      what: 'the service to let go of who left',
    });
  },
  10 * minutesMs,
);

test.each(exports)('$what is not read to its end by who may read it no more', async ({ path }) => {
  const made = await createApiKey(ops.db.pool, {
    organizationId: ops.here,
    name: 'Gone',
    role: 'read_only',
  });
  const [theirs, others] = [await begin(path(), made.key), await begin(path())];
  await ops.db.pool.raw('update api_keys set revoked_at = now() where id = :apiKeyId', {
    apiKeyId: made.apiKeyId,
  });
  await waitFor(async () => (await openConnections()) === 1, { what: 'the reader to be cut off' });
  await expect(readThrough(theirs)).rejects.toThrow('aborted');
  expect((await readThrough(others)).lines).toBeGreaterThanOrEqual(count + 1);
});

async function openConnections(): Promise<number> {
  return await new Promise((resolve, reject) => {
    ops.app.server.getConnections((error, open) => (error ? reject(error) : resolve(open)));
  });
}
