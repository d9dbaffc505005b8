import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { endSessionsOf } from '@liventix/domain/access/session-repository';
import { openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { House } from '#testing/house';

const stack = new AsyncDisposableStack();
let redis: Awaited<ReturnType<typeof openFlakyLink>>;
let house: House;
let owner: string;

beforeAll(async () => {
  redis = stack.use(await openFlakyLink(inject('redisUrl')));
  house = stack.use(await House.open({ database: inject('databaseUrl'), redis: redis.url }));
  owner = await house.sessionOf(await house.person('owner'));
});
afterAll(async () => await stack.disposeAsync());

async function portOf({ app }: House): Promise<number> {
  if (!app.server.listening) {
    await app.listen({ host: '127.0.0.1', port: 0 });
  }
  return (app.server.address() as AddressInfo).port;
}

async function counted(code: string): Promise<number> {
  const { body } = await house.ask('GET /metrics');
  return Number(
    new RegExp(`^http_problems_total\\{.*code="${code}".*\\} (\\d+)`, 'm').exec(body)?.[1] ?? 0,
  );
}

async function boardWorks(): Promise<void> {
  await waitFor(
    async () => (await house.ask('GET /queues/api/queues', { session: owner })).statusCode === 200,
    { what: 'the board to reach Redis' },
  );
}

describe('the board answers as every page does', () => {
  test('to an address that cannot be, with nothing there, known or not', async () => {
    const before = await counted('route.not_found');
    const addresses = ['/queues?x=%00', '/queues/queue/%00', '/mend/queues/api/queues?x=%00'];
    for (const address of addresses) {
      for (const session of [owner, '']) {
        const answer = await house.ask(`GET ${address}`, { session });
        expect([answer.statusCode, answer.headers['content-type'], answer.json().code]).toEqual([
          404,
          'application/problem+json; charset=utf-8',
          'route.not_found',
        ]);
      }
    }
    expect(await counted('route.not_found')).toBe(before + 6);
  });

  test('to somebody who asks too often, with when to come again', async () => {
    await using busy = await House.open(
      { database: inject('databaseUrl'), redis: inject('redisUrl') },
      { RATE_LIMIT_PER_MINUTE: '1' },
    );
    for (const address of ['/queues', '/mend/queues', '/queues/api/queues']) {
      // Once more than once: while Redis is slow, an instance counts alone, and from the beginning.
      const answer = await waitFor(
        async () => {
          const asked = await busy.ask(`GET ${address}`);
          return asked.statusCode === 429 && asked;
        },
        { what: 'it to be too often' },
      );
      expect(answer.json().code).toBe('request.too_many');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  test('to rubbish, with what is wrong with it', async () => {
    const answer = await house.app.inject({
      method: 'PUT',
      url: '/mend/queues/api/queues/ticketing/pause',
      headers: {
        'content-type': 'application/json',
        cookie: `__Host-liventix=${owner}`,
        'sec-fetch-site': 'same-origin',
      },
      payload: '{"x":',
    });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'request.not_json']);
  });

  test.each(['cut', 'freeze'] as const)(
    'when Redis is %s, at once and with when to come again',
    async (weather) => {
      await boardWorks();
      redis[weather]();
      for (const address of ['/queues/api/queues', '/queues/api/queues?activeQueue=ticketing']) {
        const answer = await house.ask(`GET ${address}`, { session: owner });
        expect([answer.statusCode, answer.json().code]).toEqual([503, 'redis.unavailable']);
        expect(answer.headers['retry-after']).toBe('1');
      }
      redis.mend();
      await boardWorks();
    },
  );
});

/** Asks to pause a queue, and sends the first byte of two once who asks was looked at. */
async function startPausing(at: House, session: string): Promise<ClientRequest> {
  const { pool } = at.deps.db;
  await pool.raw(`update user_sessions set seen_at = now() - interval '2 minutes'`);
  const sent = request({
    port: await portOf(at),
    path: '/mend/queues/api/queues/ticketing/pause',
    method: 'PUT',
    headers: {
      cookie: `__Host-liventix=${session}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      'content-length': 2,
    },
  });
  sent.write('{');
  await waitFor(
    async () => {
      const { rows } = await pool.raw(
        `select 1 from user_sessions where seen_at > now() - interval '1 minute'`,
      );
      return rows.length === 1;
    },
    { what: 'the session to be looked at' },
  );
  return sent;
}

async function isPaused({ deps }: House): Promise<boolean | undefined> {
  return await deps.boardQueues.find(({ name }) => name === 'ticketing')?.isPaused();
}

test('what is checked of an address is what runs: one with a fragment is none', async () => {
  const port = await portOf(house);
  for (const act of [
    'ticketing/pause#/resume',
    'ticketing/empty#/retry',
    'pause#/ticketing/retry',
  ]) {
    const sent = request({
      port,
      path: `/mend/queues/api/queues/${act}`,
      method: 'PUT',
      headers: { cookie: `__Host-liventix=${owner}`, 'sec-fetch-site': 'same-origin' },
    });
    sent.end();
    const [answer] = await once(sent, 'response');
    expect(answer.statusCode, act).toBe(404);
    answer.resume();
  }
  expect(
    await Promise.all(house.deps.boardQueues.map(async (one) => await one.isPaused())),
  ).toEqual(house.deps.boardQueues.map(() => false));
});

test('what is to be done to a queue that is none is nowhere, and not written down', async () => {
  for (const queue of ['all', 'invented']) {
    const answer = await house.app.inject({
      method: 'PUT',
      url: `/mend/queues/api/queues/${queue}/pause`,
      headers: { cookie: `__Host-liventix=${owner}`, 'sec-fetch-site': 'same-origin' },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'route.not_found']);
    expect([await house.actsOn(queue), await house.actsOn('none')]).toEqual([[], []]);
  }
});

test('when Postgres leaves while a body is on its way, that is said of Postgres, and no queue stops', async () => {
  await using postgres = await openFlakyLink(inject('databaseUrl'));
  await using away = await House.open({ database: postgres.url, redis: inject('redisUrl') });
  const session = await away.sessionOf(await away.person('owner'));
  const sent = await startPausing(away, session);
  postgres.cut();
  // As to Redis, the way to it is cut: only who asked whom tells the two apart.
  await waitFor(
    async () => await away.deps.db.pool.raw('select 1').catch(({ code }) => code === 'ECONNRESET'),
    { what: 'every connection to be lost' },
  );
  sent.end('}');
  const [answer] = await once(sent, 'response');
  expect([answer.statusCode, JSON.parse(await text(answer)).code]).toEqual([
    503,
    'database.unavailable',
  ]);
  expect(await isPaused(away)).toBe(false);
  postgres.mend();
});

test('who is shut out while the rest of a body is on its way stops no queue', async () => {
  const person = await house.person('owner');
  const sent = await startPausing(house, await house.sessionOf(person));
  await house.deps.db.inTransaction(async (tx) => await endSessionsOf(tx, person));
  sent.end('}');
  const [answer] = await once(sent, 'response');
  expect(answer.statusCode).toBe(401);
  expect(await isPaused(house)).toBe(false);
  expect(await house.actsOn('ticketing')).toEqual([]);
});
