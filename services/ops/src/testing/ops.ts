import { randomUUID } from 'node:crypto';
import type { Action, Role } from '@liventix/domain/access';
import { addPerson } from '@liventix/domain/access/people-repository';
import { createApiKey, ensureOrganization } from '@liventix/domain/access/repository';
import { beginSession } from '@liventix/domain/access/session-repository';
import { migrations } from '@liventix/domain/migrations';
import type { Database } from '@liventix/shared/db';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase } from '@liventix/shared/testing/database';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { type Deps, openDeps } from '#deps';
import { formTokenOf } from '#login/session-cookie';

/** How somebody asks: by key or session, with what a page of ours sends along. */
export interface Ask {
  readonly key?: string;
  readonly session?: string;
  readonly formToken?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In the place of the route's parameter; without, an id that nobody has. */
  readonly id?: string;
  readonly query?: string;
}

export interface TestOps {
  readonly app: Awaited<ReturnType<typeof buildApp>>;
  readonly deps: Deps;
  /** Not the service's own: what is written through it sends no message. */
  readonly db: Database;
  /** The organization that operates the machine, and another one. */
  readonly here: string;
  readonly there: string;
  readonly ask: (route: string, how?: Ask) => Promise<Answer>;
}

export type Answer = Awaited<ReturnType<TestOps['app']['inject']>>;

/** The service without a port, on a database of its own with two organizations. */
export async function openOps(
  stack: AsyncDisposableStack,
  urls: { readonly databaseUrl: string; readonly redisUrl: string },
): Promise<TestOps> {
  const database = stack.use(await createTestDatabase({ url: urls.databaseUrl, migrations }));
  const config = loadConfig({
    DATABASE_URL: database.url,
    REDIS_URL: urls.redisUrl,
    QUEUE_PREFIX: `{${randomUUID()}}`,
    RATE_LIMIT_PER_MINUTE: '0',
    MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
  });
  const log = createLogger({ name: 'ops', level: 'silent' });
  const deps = await openDeps(config, stack, log);
  const app = stack.adopt(await buildApp(deps), async (open) => await open.close());
  await app.ready();
  const { pool } = database.db;
  const { organizationId: here } = await ensureOrganization(pool, { slug: 'here', name: 'Here' });
  const { organizationId: there } = await ensureOrganization(pool, {
    slug: 'there',
    name: 'There',
  });
  const ask = async (route: string, how: Ask = {}) => await app.inject(requestOf(route, how));
  return { app, deps, db: database.db, here, there, ask };
}

function requestOf(route: string, how: Ask) {
  const { key, session, formToken, headers, body, id = randomUUID(), query } = how;
  const [method = 'GET', url = '/'] = route.split(' ');
  const path = url
    .replace(/:token$/, 'nobodys')
    .replaceAll(/:\w+/g, id)
    .replaceAll('*', 'x');
  return {
    method: method as 'GET',
    url: query === undefined ? path : `${path}?${query}`,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(session !== undefined && { cookie: `__Host-liventix=${session}` }),
      ...(formToken !== undefined && { 'x-form-token': formToken }),
      ...headers,
    },
    ...(body !== undefined && { payload: body as object }),
  };
}

/** A new key of an organization. */
export async function keyOf(
  { db }: Pick<TestOps, 'db'>,
  organizationId: string,
  of: { readonly role: Role; readonly scopes?: readonly Action[] },
): Promise<string> {
  return (await createApiKey(db.pool, { organizationId, name: of.role, ...of })).key;
}

/** Somebody of an organization who is logged in: their session's token. */
export async function sessionOf(
  { db }: Pick<TestOps, 'db'>,
  organizationId: string,
  role: Role,
): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const person = await addPerson(db.pool, { organizationId, email, name: role, role });
  if (person === undefined) {
    throw new Error(`${email} is there already`);
  }
  return (await beginSession(db.pool, { userId: person.userId, awaitsCode: false })).token;
}

/** As the pages of a person who is logged in ask. */
export function byPages(session: string): Ask {
  return { session, formToken: formTokenOf(session) };
}
