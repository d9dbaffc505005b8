import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type Kind, matrix } from '#testing/matrix';
import { makeOneOfEach } from '#testing/objects';
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
let own: Readonly<Record<Kind, string>>;
let theirs: Readonly<Record<Kind, string>>;
let byOwner: Readonly<Record<'here' | 'there', { readonly key: Ask; readonly pages: Ask }>>;
let examples: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const urls = { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl') };
  ops = await openOps(stack, urls);
  own = await makeOneOfEach(ops.db, ops.here);
  theirs = await makeOneOfEach(ops.db, ops.there);
  const ownerOf = async (organizationId: string) => ({
    key: { key: await keyOf(ops, organizationId, { role: 'owner' }) },
    pages: byPages(await sessionOf(ops, organizationId, 'owner')),
  });
  byOwner = { here: await ownerOf(ops.here), there: await ownerOf(ops.there) };
  examples = await readExamples();
});
afterAll(async () => await stack.disposeAsync());

const operation = z.object({
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ example: z.unknown() })) })
    .optional(),
});
const described = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

/** What the page at /docs shows as the body of each route that takes one. */
async function readExamples(): Promise<Readonly<Record<string, unknown>>> {
  const { paths } = described.parse((await ops.app.inject('/openapi.json')).json());
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { requestBody }]) => {
        const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
        return [route, requestBody?.content['application/json']?.example];
      }),
    ),
  );
}

/** The routes whose address names an object, and of which kind. */
const named = Object.entries(matrix).flatMap(([route, { of, way }]) =>
  of === undefined ? [] : [{ route, of, way }],
);
const isRead = (route: string) => route.startsWith('GET ');

/** Each of them as an owner can ask: by key, unless it is a page, and logged in. */
const waysOf = ({ way }: { readonly way: string }) =>
  way === 'page' ? (['pages'] as const) : (['key', 'pages'] as const);

/** Asks about one object, with a body that is as it should be. */
async function askFor(route: string, how: Ask): Promise<Answer> {
  const body = examples[route];
  return await ops.ask(route, {
    ...how,
    headers: { 'idempotency-key': randomUUID() },
    ...(body !== undefined && { body }),
  });
}

/** All of an answer that could tell one object from another that is not there. */
function said({ statusCode, headers, body }: Answer, id: string): unknown {
  return [statusCode, headers['content-type'], body.replaceAll(id, 'the id')];
}

/** What stands in each table, but when a key or a session was last used. */
async function digestRows(): Promise<Readonly<Record<string, string>>> {
  const { rows: tables } = await ops.db.pool.raw(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const digests = tables.map(async ({ name }: { readonly name: string }) => {
    const { rows } = await ops.db.pool.raw(
      `select md5(string_agg(line, ' ' order by line)) as digest
         from (select (to_jsonb(t) - 'last_used_at' - 'seen_at')::text as line from :name: t) l`,
      { name },
    );
    return [name, rows[0].digest ?? 'empty'];
  });
  return Object.fromEntries(await Promise.all(digests));
}

describe('an object of another organization', () => {
  test('is to each route as one that is not there, and nothing is changed', async () => {
    const before = await digestRows();
    const wrong: string[] = [];
    for (const row of named) {
      for (const way of waysOf(row)) {
        const [id, nobodys] = [own[row.of], idLike(own[row.of])];
        const foreign = await askFor(row.route, { ...byOwner.there[way], id });
        const unknown = await askFor(row.route, { ...byOwner.there[way], id: nobodys });
        const isSame = JSON.stringify(said(foreign, id)) === JSON.stringify(said(unknown, nobodys));
        if (foreign.statusCode !== 404 || !isSame) {
          wrong.push(`${way} ${row.route}: ${foreign.statusCode}, not ${unknown.statusCode}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await digestRows()).toEqual(before);
  });

  test('is there when its own house reads it', async () => {
    const wrong: string[] = [];
    for (const row of named.filter(({ route }) => isRead(route))) {
      for (const way of waysOf(row)) {
        const { statusCode } = await askFor(row.route, { ...byOwner.here[way], id: own[row.of] });
        if (statusCode !== 200) {
          wrong.push(`${way} ${row.route}: ${statusCode}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('and when its own house changes it: each body is one that is looked at', async () => {
    const wrong: string[] = [];
    for (const { route, of } of named.filter((row) => !isRead(row.route))) {
      const fresh = await makeOneOfEach(ops.db, ops.here);
      const found = await askFor(route, { ...byOwner.here.key, id: fresh[of] });
      const unknown = await askFor(route, { ...byOwner.here.key, id: idLike(fresh[of]) });
      const { code } = found.json();
      if (code === unknown.json().code || found.statusCode >= 500) {
        wrong.push(`${route}: ${found.statusCode} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Where a body or a query names something besides the object of the address. */
const mentions: readonly (readonly [route: string, of: Kind, how: (id: string) => Ask])[] = [
  ['GET /admin/v1/books', 'event', (id) => ({ query: `event=${id}` })],
  [
    'POST /admin/v1/events/:id/promo-codes',
    'tier',
    (id) => ({ body: { code: 'THEIRS', discount: { percent: 100 }, tiers: [id] } }),
  ],
  [
    'POST /admin/v1/events/:id/access-codes',
    'tier',
    (id) => ({ body: { code: 'THEIRS', tiers: [id] } }),
  ],
  [
    'POST /admin/v1/events/:id/devices',
    'tier',
    (id) => ({ body: { gate: 'North', label: 'Phone', tiers: [id] } }),
  ],
  [
    'POST /admin/v1/events/:id/complimentary-orders',
    'tier',
    (id) => ({
      body: {
        tier: id,
        quantity: 1,
        buyer: { name: 'Eve', email: 'eve@example.com' },
        reason: 'none',
      },
    }),
  ],
];

test.each(mentions)('%s takes no %s of another organization', async (route, of, how) => {
  const before = await digestRows();
  const ask = async (id: string) =>
    await ops.ask(route, {
      ...byOwner.there.key,
      id: theirs.event,
      headers: { 'idempotency-key': randomUUID() },
      ...how(id),
    });
  const [foreign, unknown] = [await ask(own[of]), randomUUID()];
  expect(said(foreign, own[of])).toEqual(said(await ask(unknown), unknown));
  expect([foreign.statusCode, foreign.json().code]).toEqual([404, `${of}.not_found`]);
  expect(await digestRows()).toEqual(before);
});

/** An id of the same form that nobody has. */
function idLike(id: string): string {
  return id.includes('_') ? `${id.split('_')[0]}_${randomUUID()}` : randomUUID();
}

/** What lists want to know before they answer. */
const queries: Readonly<Record<string, string>> = {
  'GET /admin/v1/books/entries.csv': 'from=2026-01-01&until=2027-01-01',
  'GET /admin/v1/orders': 'query=Ada',
  'GET /console/orders': 'query=Ada',
};

/** Which of our objects the answers without a parameter name. */
async function listed(who: 'here' | 'there'): Promise<readonly (readonly [Kind, string])[]> {
  // A stream does not end.
  const lists = Object.keys(matrix).filter(
    (route) => isRead(route) && !route.includes('/:') && route !== 'GET /console/live',
  );
  const names: (readonly [Kind, string])[] = [];
  for (const route of lists) {
    const query = queries[route];
    for (const how of Object.values(byOwner[who])) {
      const { body, statusCode } = await ops.ask(route, { ...how, ...(query && { query }) });
      expect(statusCode, `${route}: ${body}`).toBeLessThan(400);
      const kinds = Object.entries(own).filter(([, id]) => body.includes(id));
      names.push(...kinds.map(([kind]) => [kind as Kind, route] as const));
    }
  }
  return names;
}

describe('lists', () => {
  test('name nothing of another organization', async () => {
    expect(await listed('there')).toEqual([]);
  });

  test('and do name what is of their own', async () => {
    const kinds = new Set((await listed('here')).map(([kind]) => kind));
    expect([...kinds].toSorted()).toEqual([
      'api_key',
      'dispute',
      'event',
      'incident',
      'message',
      'order',
      'payment',
      'person',
      'wallet',
    ]);
  });
});
