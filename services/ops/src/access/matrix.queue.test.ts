import { randomUUID } from 'node:crypto';
import { type Action, type Role, roles } from '@liventix/domain/access';
import { addPerson } from '@liventix/domain/access/people-repository';
import { createApiKey, ensureOrganization } from '@liventix/domain/access/repository';
import { beginSession } from '@liventix/domain/access/session-repository';
import { migrations } from '@liventix/domain/migrations';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { openDeps } from '#deps';
import { formTokenOf } from '#login/session-cookie';
import { matrix, mayDoByRole } from '#testing/matrix';

const stack = new AsyncDisposableStack();
let app: Awaited<ReturnType<typeof buildApp>>;
let keys: Readonly<Record<Role, string>>;
let sessions: Readonly<Record<Role, string>>;
let foreign: { readonly key: string; readonly session: string };

beforeAll(async () => {
  const database = stack.use(await createTestDatabase({ url: inject('databaseUrl'), migrations }));
  const { pool } = database.db;
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    QUEUE_PREFIX: `{${randomUUID()}}`,
    RATE_LIMIT_PER_MINUTE: '0',
    MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
  });
  const log = createLogger({ name: 'ops', level: 'silent' });
  app = stack.adopt(
    await buildApp(await openDeps(config, stack, log)),
    async (open) => await open.close(),
  );
  await app.ready();
  const [here, there] = [
    await ensureOrganization(pool, { slug: 'here', name: 'Here' }),
    await ensureOrganization(pool, { slug: 'there', name: 'There' }),
  ];
  const keyOf = async (organizationId: string, role: Role) =>
    (await createApiKey(pool, { organizationId, name: role, role })).key;
  const sessionOf = async (organizationId: string, role: Role) => {
    const email = `${role}@example.com`;
    const person = await addPerson(pool, { organizationId, email, name: role, role });
    const userId = person?.userId ?? expect.fail('nobody was added');
    return (await beginSession(pool, { userId, awaitsCode: false })).token;
  };
  const forAll = async (make: (organizationId: string, role: Role) => Promise<string>) =>
    Object.fromEntries(
      await Promise.all(roles.map(async (role) => [role, await make(here.organizationId, role)])),
    ) as Record<Role, string>;
  keys = await forAll(keyOf);
  sessions = await forAll(sessionOf);
  foreign = {
    key: await keyOf(there.organizationId, 'owner'),
    session: await sessionOf(there.organizationId, 'owner'),
  };
});
afterAll(async () => await stack.disposeAsync());

interface Ask {
  readonly key?: string;
  readonly session?: string;
  readonly formToken?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(route: string, { key, session, formToken, headers }: Ask = {}) {
  const [method = 'GET', url = '/'] = route.split(' ');
  return await app.inject({
    method: method as 'GET',
    url: url
      .replace(/:token$/, 'nobodys')
      .replaceAll(/:\w+/g, randomUUID())
      .replaceAll('*', 'x'),
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(session !== undefined && { cookie: `__Host-liventix=${session}` }),
      ...(formToken !== undefined && { 'x-form-token': formToken }),
      ...headers,
    },
  });
}

type Answer = Awaited<ReturnType<typeof ask>>;

function allRoutes(): string[] {
  return app.knownRoutes
    .flatMap(({ method, url }) => [method].flat().map((one) => `${one} ${url}`))
    .filter((route) => !route.startsWith('HEAD '));
}

/** The routes that an action guards: those of the API, pages, and boards. */
function guardedRoutes(): (readonly [string, Action])[] {
  return Object.entries(matrix).flatMap(([route, { action }]) =>
    action === undefined ? [] : [[route, action] as const],
  );
}

/** What anybody may read: probes, the interface's description, the console's own files. */
const openToAll = /^GET \/(?:health\/|metrics$|docs\/|openapi\.json$|assets\/)/;

/** The board's routes are its library's, whatever they are. */
const ofBoard = /^\w+ \/(?:mend\/)?queues(?:\/|$)/;

function isSentAway({ statusCode, headers }: Answer): boolean {
  return statusCode === 303 && String(headers.location).startsWith('/login');
}

/** What came of each of these, where it is not what was wanted. */
async function findWrong(
  asks: readonly (readonly [who: string, route: string, ask: Ask])[],
  isRight: (answer: Answer) => boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [who, route, how] of asks) {
    const answer = await ask(route, how);
    if (!isRight(answer)) {
      wrong.push(`${who} ${route}: ${answer.statusCode}`);
    }
  }
  return wrong;
}

/** Each guarded route as each role asks for it, by key and as a person. */
function asksOf(wanted: 'allowed' | 'refused') {
  return guardedRoutes().flatMap(([route, action]) =>
    roles
      .filter((role) => mayDoByRole[role].includes(action) === (wanted === 'allowed'))
      // A stream does not end: that it begins is shown in the console's own test.
      .filter(() => !(route === 'GET /console/live' && wanted === 'allowed'))
      .flatMap((role): (readonly [string, string, Ask])[] => {
        const asPerson: Ask = { session: sessions[role], formToken: formTokenOf(sessions[role]) };
        const byKey = matrix[route]?.way === 'page' ? [] : [{ key: keys[role] }];
        return [...byKey, asPerson].map((how) => [role, route, how]);
      }),
  );
}

describe('every route × role × own or foreign', () => {
  test('the matrix names every route there is, and no other', () => {
    const own = allRoutes().filter((route) => !ofBoard.test(route) && !openToAll.test(route));
    expect([...new Set(own)].toSorted()).toEqual(Object.keys(matrix).toSorted());
    expect(allRoutes().filter((route) => ofBoard.test(route)).length).toBeGreaterThan(60);
  });

  test('a role gets in where its actions say, by key and by session', async () => {
    const isIn = ({ statusCode }: Answer) => statusCode !== 401 && statusCode !== 403;
    expect(await findWrong(asksOf('allowed'), isIn)).toEqual([]);
  });

  test('and nowhere else', async () => {
    const isOut = ({ statusCode }: Answer) => statusCode === 403;
    expect(await findWrong(asksOf('refused'), isOut)).toEqual([]);
  });

  test('nobody gets in without a key or a session, nor with ones that are not ours', async () => {
    const ways: Readonly<Record<string, Ask>> = {
      nobody: {},
      'a key of nobody': { key: 'lvx_unknown' },
      'a session of nobody': { session: 'A'.repeat(43) },
    };
    const asks = guardedRoutes().flatMap(([route]) =>
      Object.entries(ways).map(([who, how]) => [who, route, how] as const),
    );
    const isOut = (answer: Answer) => answer.statusCode === 401 || isSentAway(answer);
    expect(await findWrong(asks, isOut)).toEqual([]);
  });

  test('a session writes with the token of its own pages alone', async () => {
    const { owner: session } = sessions;
    const writes = guardedRoutes().filter(([route]) => !route.startsWith('GET '));
    const asks = writes.flatMap(([route]) => [
      ['no token', route, { session }] as const,
      ['another token', route, { session, formToken: formTokenOf(foreign.session) }] as const,
      ['an empty token', route, { session, formToken: '' }] as const,
    ]);
    const isOut = (answer: Answer) =>
      answer.statusCode === 403 && answer.json().code === 'csrf.refused';
    expect(await findWrong(asks, isOut)).toEqual([]);
  });
});

describe('the boards, each route of them', () => {
  test('are for the organization that looks after the machine', async () => {
    const ways: Readonly<Record<string, Ask>> = {
      nobody: {},
      'a foreign key': { key: foreign.key },
      'a foreign owner': { session: foreign.session },
      'the door': { session: sessions.door },
    };
    const asks = allRoutes()
      .filter((route) => ofBoard.test(route))
      .flatMap((route) => Object.entries(ways).map(([who, how]) => [who, route, how] as const));
    const isOut = (answer: Answer) =>
      answer.statusCode === 401 || answer.statusCode === 403 || isSentAway(answer);
    expect(await findWrong(asks, isOut)).toEqual([]);
  });

  test('write for nobody who only looks, nor for a page of another site', async () => {
    const writes = allRoutes().filter((route) => ofBoard.test(route) && !route.startsWith('GET '));
    const { owner: session } = sessions;
    const asks = writes.flatMap((route) => [
      ['lured', route, { session, headers: { 'sec-fetch-site': 'cross-site' } }] as const,
      ['lured', route, { session, headers: { 'sec-fetch-site': 'same-site' } }] as const,
      ['looking', route.replace('/mend/', '/'), { session }] as const,
    ]);
    expect(await findWrong(asks, ({ statusCode }) => statusCode === 403)).toEqual([]);
  });
});
