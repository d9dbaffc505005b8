import { randomUUID } from 'node:crypto';
import type { Role } from '@liventix/domain/access';
import { addPerson, setPassword } from '@liventix/domain/access/people-repository';
import { createApiKey, ensureOrganization } from '@liventix/domain/access/repository';
import {
  beginSession,
  type LinkPurpose,
  makeLoginLink,
  type Session,
} from '@liventix/domain/access/session-repository';
import { migrations } from '@liventix/domain/migrations';
import type { HttpApp } from '@liventix/shared/http';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase } from '@liventix/shared/testing/database';
import { Secret, TOTP } from 'otpauth';
import { buildApp } from '#app';
import { loadConfig } from '#config';
import { type Deps, openDeps } from '#deps';
import { linkPath } from '#login/link-page';
import { hashPassword } from '#login/passwords';
import { offerSecondFactor } from '#login/second-factor';
import { formTokenOf } from '#login/session-cookie';

export const housePassword = 'correct horse battery staple';

export interface Housemate {
  readonly userId: string;
  readonly email: string;
  readonly organizationId: string;
}

/** How a request is sent, by default from a page of our own and by nobody. */
export interface Asking {
  readonly key?: string;
  readonly session?: string;
  /** What the browser kept of an earlier login. */
  readonly device?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole of ops on a database of its own, without a network: two organizations, and who is in them. */
export class House implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #passwordHash: string;
  #people = 0;
  readonly app: HttpApp;
  readonly deps: Deps;
  readonly here: string;
  readonly there: string;

  private constructor(open: {
    readonly stack: AsyncDisposableStack;
    readonly app: HttpApp;
    readonly deps: Deps;
    readonly here: string;
    readonly there: string;
    readonly passwordHash: string;
  }) {
    this.#stack = open.stack;
    this.#passwordHash = open.passwordHash;
    this.app = open.app;
    this.deps = open.deps;
    this.here = open.here;
    this.there = open.there;
  }

  static async open(
    urls: { readonly database: string; readonly redis: string },
    settings: Readonly<Record<string, string>> = {},
  ): Promise<House> {
    const stack = new AsyncDisposableStack();
    const database = stack.use(await createTestDatabase({ url: urls.database, migrations }));
    const config = loadConfig({
      DATABASE_URL: database.url,
      REDIS_URL: urls.redis,
      QUEUE_PREFIX: `{${randomUUID()}}`,
      RATE_LIMIT_PER_MINUTE: '0',
      MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
      ...settings,
    });
    const deps = await openDeps(config, stack, createLogger({ name: 'ops', level: 'silent' }));
    const app = stack.adopt(await buildApp(deps), async (open) => await open.close());
    const { pool } = deps.db;
    const { organizationId: here } = await ensureOrganization(pool, { slug: 'here', name: 'Here' });
    const other = { slug: 'there', name: 'There' };
    const { organizationId: there } = await ensureOrganization(pool, other);
    const passwordHash = await hashPassword(housePassword, 'nobody@example.com');
    return new House({ stack, app, deps, here, there, passwordHash });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  /** Somebody with a password. */
  async person(role: Role = 'owner', organizationId = this.here): Promise<Housemate> {
    this.#people += 1;
    return await this.personCalled(`person${this.#people}@example.com`, { role, organizationId });
  }

  async personCalled(
    email: string,
    { role, organizationId }: { readonly role: Role; readonly organizationId: string },
  ): Promise<Housemate> {
    const { db } = this.deps;
    const added = await addPerson(db.pool, { organizationId, email, name: 'Grace', role });
    if (added === undefined) {
      throw new Error(`${email} is there already`);
    }
    const { userId } = added;
    const passwordHash = this.#passwordHash;
    await db.inTransaction(async (tx) => await setPassword(tx, { userId, passwordHash }));
    return { userId, email, organizationId };
  }

  /** Puts a second factor in force for somebody. What its app shows now, or so many steps from now. */
  async secondFactorOf(person: Housemate): Promise<(steps: number) => string> {
    const { secret } = await offerSecondFactor(this.deps, person as unknown as Session);
    const { userId } = person;
    await this.deps.db.pool.raw('update users set totp_confirmed_at = now() where id = :userId', {
      userId,
    });
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    return (steps) => totp.generate({ timestamp: Date.now() + steps * 30_000 });
  }

  /** A session of somebody, half a one where a code must follow. */
  async sessionOf({ userId }: Housemate, awaitsCode = false): Promise<string> {
    return (await beginSession(this.deps.db.pool, { userId, awaitsCode })).token;
  }

  /** Where a link leads that lets somebody in once. */
  async linkOf({ userId }: Housemate, purpose: LinkPurpose): Promise<string> {
    const expiresAt = new Date(Date.now() + 600_000);
    const { token } = await this.deps.db.inTransaction(
      async (tx) => await makeLoginLink(tx, { userId, purpose, expiresAt }),
    );
    return linkPath(token);
  }

  async keyOf(role: Role, organizationId = this.here): Promise<string> {
    return (await createApiKey(this.deps.db.pool, { organizationId, name: role, role })).key;
  }

  async ask(route: string, { key, session, device, form, json, headers }: Asking = {}) {
    const [method = 'GET', url = '/'] = route.split(' ');
    return await this.app.inject({
      method: method as 'GET',
      url,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        cookie: [
          session === undefined ? [] : `__Host-liventix=${session}`,
          device === undefined ? [] : `__Host-liventix-device=${device}`,
        ]
          .flat()
          .join('; '),
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form !== undefined && { payload: new URLSearchParams(form).toString() }),
      ...(json !== undefined && { payload: json }),
    });
  }

  /** Sends a form of the account page, as that page would. */
  async askForSelf(url: string, session: string, form: Readonly<Record<string, string>> = {}) {
    return await this.ask(`POST ${url}`, {
      session,
      form: { form_token: formTokenOf(session), ...form },
    });
  }

  /** Whether a session opens what every role may see. */
  async opens(session: string): Promise<boolean> {
    return (await this.ask('GET /admin/v1/events', { session })).statusCode === 200;
  }

  /** What was written down of an object: each act with its facts. */
  async actsOn(objectId: string): Promise<string[]> {
    const { rows } = await this.deps.db.pool.raw(
      'select action, facts from audit_log where object_id = :objectId order by id',
      { objectId },
    );
    return rows.map(
      ({ action, facts }: { action: string; facts: Readonly<Record<string, string>> }) =>
        [action, ...Object.values(facts)].join(' '),
    );
  }
}

/** The session that an answer begins, if it begins one. */
export function sessionIn(answer: { readonly headers: object }): string | undefined {
  return cookieIn(answer, /^__Host-liventix=([\w-]{43});/);
}

/** What an answer gives the browser to keep of a login, if it does. */
export function deviceIn(answer: { readonly headers: object }): string | undefined {
  return cookieIn(answer, /^__Host-liventix-device=([^;]+);/);
}

function cookieIn({ headers }: { readonly headers: object }, shape: RegExp): string | undefined {
  const { 'set-cookie': cookies } = headers as { 'set-cookie'?: string | string[] };
  const found = [cookies].flat().map((cookie) => shape.exec(cookie ?? '')?.[1]);
  return found.find((value) => value !== undefined);
}
