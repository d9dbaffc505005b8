import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Operation, readContract } from '#support/contract';
import { type Answer, http, startWorld, type World } from '#support/world';

let world: World;
let routes: { readonly url: string; readonly operation: Operation }[];

const origin = 'https://shop.example';

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { CORS_ORIGINS: origin, RATE_LIMIT_PER_MINUTE: '100' },
  });
  const { checkout, ops, door, webhook_ingest: ingest } = world.stack.urls;
  const contracts = [checkout, ops, door, ingest].map(async (base) =>
    (await readContract(base)).map((operation) => ({
      url: `${base}${operation.path.replace(/\{\w+\}/, randomUUID())}`,
      operation,
    })),
  );
  routes = (await Promise.all(contracts)).flat();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test('every route answers with the headers that protect it, refusals too', async () => {
  for (const { url, operation } of routes) {
    const { headers } = await http(url, { method: operation.method });
    const name = `${operation.method} ${operation.path}`;
    expect(headers.get('x-content-type-options'), name).toBe('nosniff');
    expect(headers.get('content-security-policy'), name).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy'), name).toBe('no-referrer');
    expect(headers.get('cache-control'), name).toBe('no-store');
    expect(headers.get('x-powered-by'), name).toBeNull();
    expect(headers.get('server'), name).toBeNull();
  }
});

test('only pages of configured origins may call checkout from a browser', async () => {
  const preflight = async (from: string) =>
    await fetch(`${world.stack.urls.checkout}/v1/holds`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'idempotency-key,content-type',
      },
    });
  const allowed = await preflight(origin);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
  expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
  const refused = await preflight('https://elsewhere.example');
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
});

test('every route slows an address that asks too often, but probes and providers', async () => {
  const { checkout, ops, door } = world.stack.urls;
  for (const base of [checkout, ops, door]) {
    await slowed({ url: `${base}/openapi.json`, method: 'GET' });
    await staysOpen(`${base}/health/ready`);
    await staysOpen(`${base}/metrics`);
  }
  for (const { url, operation } of routes) {
    const { method } = operation;
    if (operation.access === 'provider_signature') {
      for (let n = 0; n < 101; n += 1) {
        expect((await http(url, { method })).status, `${method} ${operation.path}`).not.toBe(429);
      }
    } else {
      const answer = await slowed({ url, method });
      expect(answer.body.code).toBe('request.too_many');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
});

/** Asks until it is too often: a window may begin in between, or Redis be slow and a share be counted. */
async function slowed({ url, method }: { url: string; method: string }): Promise<Answer> {
  return await waitFor(
    async () => {
      const answer = await http(url, { method });
      return answer.status === 429 ? answer : undefined;
    },
    { what: `${method} ${url} to be slowed` },
  );
}

/** Answers, and never that it was asked too often. */
async function staysOpen(url: string): Promise<void> {
  await waitFor(
    async () => {
      const { status } = await fetch(url);
      expect(status, url).not.toBe(429);
      return status === 200;
    },
    { what: `${url} to answer` },
  );
}
