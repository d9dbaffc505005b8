import type { Role } from '@liventix/domain/access';
import { addPerson } from '@liventix/domain/access/people-repository';
import { makeLoginLink } from '@liventix/domain/access/session-repository';
import type { World } from './world.ts';

export const goodPassword = 'correct horse battery staple';

export interface TestPerson {
  readonly userId: string;
  readonly email: string;
  /** Where they choose their password. */
  readonly link: string;
}

let people = 0;

/** Somebody of the world's own organization, who has not logged in yet. */
export async function invitePerson(world: World, role: Role, name = 'Grace'): Promise<TestPerson> {
  people += 1;
  const email = `person${people}@example.com`;
  const { rows } = await world.db.pool.raw(`select id from organizations where slug = 'demo'`);
  const organizationId: string = rows[0].id;
  const added = await addPerson(world.db.pool, { organizationId, email, name, role });
  if (added === undefined) {
    throw new Error(`${email} is there already`);
  }
  const { userId } = added;
  const expiresAt = new Date(Date.now() + 600_000);
  const { token } = await world.db.inTransaction(
    async (tx) => await makeLoginLink(tx, { userId, purpose: 'password', expiresAt }),
  );
  return { userId, email, link: `${world.stack.urls.ops}/login/link/${token}` };
}

/** A browser without scripts: keeps its cookies, sends forms, follows nothing. */
export class Visitor {
  readonly #base: string;
  readonly #cookies = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  get session(): string | undefined {
    return this.#cookies.get('__Host-liventix');
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async get(path: string): Promise<Response> {
    return await this.#send(path, {});
  }

  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return await this.#send(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.#base), {
      ...init,
      redirect: 'manual',
      headers: {
        'sec-fetch-site': 'same-origin',
        ...init.headers,
        ...(cookie !== '' && { cookie }),
      },
      signal: AbortSignal.timeout(60_000),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') {
        this.#cookies.delete(name);
      } else {
        this.#cookies.set(name, value);
      }
    }
    return response;
  }
}

/** What a page's own forms send to show that they are its own. */
export function formTokenIn(html: string): string {
  return /<meta name="form-token" content="([^"]+)"/.exec(html)?.[1] ?? '';
}
