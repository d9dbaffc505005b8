import { type Action, actions, type Role, roles } from '@liventix/domain/access';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { formTokenOf } from '#login/session-cookie';
import { matrix, mayDoByRole } from '#testing/matrix';
import {
  type Answer,
  type Ask,
  byPages,
  keyOf,
  openOps,
  sessionOf,
  type TestOps,
} from '#testing/ops';

const stack = new AsyncDisposableStack();
let ops: TestOps;
let keys: Readonly<Record<Role, string>>;
let sessions: Readonly<Record<Role, string>>;
let foreign: { readonly key: string; readonly session: string };

beforeAll(async () => {
  const urls = { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl') };
  ops = await openOps(stack, urls);
  const forAll = async (make: (role: Role) => Promise<string>) =>
    Object.fromEntries(
      await Promise.all(roles.map(async (role) => [role, await make(role)])),
    ) as Record<Role, string>;
  keys = await forAll(async (role) => await keyOf(ops, ops.here, { role }));
  sessions = await forAll(async (role) => await sessionOf(ops, ops.here, role));
  foreign = {
    key: await keyOf(ops, ops.there, { role: 'owner' }),
    session: await sessionOf(ops, ops.there, 'owner'),
  };
});
afterAll(async () => await stack.disposeAsync());

function allRoutes(): string[] {
  return ops.app.knownRoutes
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
const openToAll = /^GET \/(?:health\/|metrics$|docs(?:\/|$)|openapi\.json$|assets\/)/;

/** The board's routes are its library's, whatever they are. */
const ofBoard = /^\w+ \/(?:mend\/)?queues(?:\/|$)/;

function boardRoutes(): string[] {
  return allRoutes().filter((route) => ofBoard.test(route));
}

function isSentAway({ statusCode, headers }: Answer): boolean {
  return statusCode === 303 && String(headers.location).startsWith('/login');
}

/** Asked to log in: pages and boards show where, the rest says so. */
function isTurnedAway(answer: Answer): boolean {
  return answer.statusCode === 401 || isSentAway(answer);
}

/** What came of each of these, where it is not what was wanted. */
async function findWrong(
  asks: readonly (readonly [who: string, route: string, ask: Ask])[],
  isRight: (answer: Answer) => boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [who, route, how] of asks) {
    const answer = await ops.ask(route, how);
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
        const byKey = matrix[route]?.way === 'page' ? [] : [{ key: keys[role] }];
        return [...byKey, byPages(sessions[role])].map((how) => [role, route, how]);
      }),
  );
}

describe('every route × role', () => {
  test('the matrix names every route there is, and no other', () => {
    const own = allRoutes().filter((route) => !ofBoard.test(route) && !openToAll.test(route));
    expect([...new Set(own)].toSorted()).toEqual(Object.keys(matrix).toSorted());
    expect(boardRoutes().length).toBeGreaterThan(60);
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
    expect(await findWrong(asks, isTurnedAway)).toEqual([]);
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

describe('a session that is over, or not there yet', () => {
  const ends: Readonly<Record<string, string>> = {
    'unused for an hour': `seen_at = now() - interval '61 minutes'`,
    'twelve hours old': 'expires_at = now()',
    'ended by hand': 'ended_at = now()',
    'half a login': 'awaits_code = true',
  };

  test.each(Object.entries(ends))('%s, opens no route', async (_how, change) => {
    const session = await sessionOf(ops, ops.here, 'owner');
    const asks = guardedRoutes().map(([route]) => ['owner', route, byPages(session)] as const);
    const board = boardRoutes().map((route) => ['owner', route, { session }] as const);
    await ops.db.pool.raw(
      `update user_sessions set ${change} where id = (select id from user_sessions order by id desc limit 1)`,
    );
    expect(await findWrong([...asks, ...board], isTurnedAway)).toEqual([]);
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
    const asks = boardRoutes().flatMap((route) =>
      Object.entries(ways).map(([who, how]) => [who, route, how] as const),
    );
    const isOut = (answer: Answer) => answer.statusCode === 403 || isTurnedAway(answer);
    expect(await findWrong(asks, isOut)).toEqual([]);
  });

  test('write for nobody who only looks, nor for a page of another site', async () => {
    const writes = boardRoutes().filter((route) => !route.startsWith('GET '));
    const { owner: session } = sessions;
    const asks = writes.flatMap((route) => [
      ['lured', route, { session, headers: { 'sec-fetch-site': 'cross-site' } }] as const,
      ['lured', route, { session, headers: { 'sec-fetch-site': 'same-site' } }] as const,
      ['looking', route.replace('/mend/', '/'), { session }] as const,
    ]);
    expect(await findWrong(asks, ({ statusCode }) => statusCode === 403)).toEqual([]);
  });

  test('are mended by who may mend queues, and not by who may do all else', async () => {
    const mending = boardRoutes().filter((route) => / \/mend\/queues(?:\/|$)/.test(route));
    const others = actions.filter((action) => action !== 'queues.mend');
    const narrow = await keyOf(ops, ops.here, { role: 'owner', scopes: others });
    const lookers = roles.filter(
      (role) => mayDoByRole[role].includes('read') && !mayDoByRole[role].includes('queues.mend'),
    );
    const asks = mending.flatMap((route) => [
      ['a narrow key', route, { key: narrow }] as const,
      ...lookers.flatMap((role) => [
        [role, route, { session: sessions[role] }] as const,
        [role, route, { key: keys[role] }] as const,
      ]),
    ]);
    expect(mending.filter((route) => !route.startsWith('GET ')).length).toBeGreaterThan(15);
    expect(lookers.length).toBeGreaterThan(2);
    expect(await findWrong(asks, ({ statusCode }) => statusCode === 403)).toEqual([]);
    const mended: string[] = [];
    for (const route of mending) {
      const { statusCode } = await ops.ask(route, { key: keys.owner });
      mended.push(...(statusCode === 403 ? [] : [route]));
    }
    expect(mended).toContain('PUT /mend/queues/api/queues/:queueName/pause');
  });
});
