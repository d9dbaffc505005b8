import type { Role } from '@liventix/domain/access';
import { appendAudit } from '@liventix/domain/access/audit-repository';
import { addPerson, findPerson } from '@liventix/domain/access/people-repository';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { removeSecret } from '@liventix/domain/access/second-factor-repository';
import { type LinkPurpose, makeLoginLink } from '@liventix/domain/access/session-repository';
import { connectDatabase, type Transaction } from '@liventix/shared/db';
import { findRunningStacks } from '#stack/running-stacks';
import { findBooks } from '#verify/where';
import { print } from './terminal.ts';

const lastsMs: Readonly<Record<LinkPurpose, number>> = {
  password: 3 * 86_400_000,
  login: 15 * 60_000,
};

export interface NewOwner {
  readonly email: string;
  readonly name: string;
  readonly organization: string;
}

interface AdminOptions {
  readonly email: string;
  readonly name?: string;
  readonly organization?: string;
  readonly json?: boolean;
  readonly login?: boolean;
  readonly resetCode?: boolean;
}

/** Makes the first owner of an organization, who chooses a password by a link that works once. */
export async function createAdmin(options: AdminOptions): Promise<void> {
  const { email, name = email, organization = 'demo' } = options;
  const token = await makeOwner(findBooks().databaseUrl, { email, name, organization });
  show(options, token);
}

/** A link for somebody who is there: to choose a password anew, or to log in once. */
export async function linkAdmin(options: AdminOptions): Promise<void> {
  const { email, organization = 'demo', login, resetCode } = options;
  const purpose = login === true ? 'login' : 'password';
  const token = await linkFor(findBooks().databaseUrl, {
    email,
    organization,
    purpose,
    ...(resetCode === true && { resetCode }),
  });
  show(options, token);
}

/** An owner with a link to choose a password by; a person who is there already is refused. */
export async function makeOwner(databaseUrl: string, owner: NewOwner): Promise<string> {
  await using db = connectDatabase({ url: databaseUrl, poolMax: 1 });
  return await db.inTransaction(async (tx) => {
    const { organizationId } = await ensureOrganization(tx, {
      slug: owner.organization,
      name: owner.organization,
    });
    const role: Role = 'owner';
    const added = await addPerson(tx, { organizationId, ...owner, role });
    if (added === undefined) {
      throw new Error(
        `${owner.email} is in ${owner.organization} already: ./liventix admin link --email ${owner.email} makes a new link`,
      );
    }
    const { userId } = added;
    await note(tx, { organizationId, userId, action: 'person.add' });
    return await makeLink(tx, { userId, purpose: 'password' });
  });
}

export async function linkFor(
  databaseUrl: string,
  person: {
    readonly email: string;
    readonly organization: string;
    readonly purpose: LinkPurpose;
    readonly resetCode?: true;
  },
): Promise<string> {
  await using db = connectDatabase({ url: databaseUrl, poolMax: 1 });
  return await db.inTransaction(async (tx) => {
    const { organizationId } = await ensureOrganization(tx, {
      slug: person.organization,
      name: person.organization,
    });
    const found = await findPerson(tx, { organizationId, email: person.email });
    if (found === undefined) {
      throw new Error(`there is nobody called ${person.email} in ${person.organization}`);
    }
    const { userId } = found;
    if (person.resetCode === true) {
      await removeSecret(tx, userId);
      await note(tx, { organizationId, userId, action: 'person.code_reset' });
    }
    await note(tx, { organizationId, userId, action: 'person.link' });
    return await makeLink(tx, { userId, purpose: person.purpose });
  });
}

async function makeLink(
  tx: Transaction,
  { userId, purpose }: { readonly userId: string; readonly purpose: LinkPurpose },
): Promise<string> {
  const expiresAt = new Date(Date.now() + lastsMs[purpose]);
  return (await makeLoginLink(tx, { userId, purpose, expiresAt })).token;
}

async function note(
  tx: Transaction,
  { organizationId, userId, action }: { organizationId: string; userId: string; action: string },
): Promise<void> {
  await appendAudit(tx, {
    organizationId,
    actorType: 'system',
    actorId: 'liventix admin',
    action,
    objectType: 'user',
    objectId: userId,
  });
}

function show(options: AdminOptions, token: string): void {
  const [stack] = findRunningStacks();
  const path = `/login/link/${token}`;
  const link = stack === undefined ? path : `${stack.opsUrl}${path}`;
  if (options.json === true) {
    print(JSON.stringify({ link }));
    return;
  }
  print(`\n  ${link}\n`);
  print('  It works once. Hand it to nobody but the person it is for.');
  if (stack === undefined) {
    print('  It follows the address that your ops service has.');
  }
}
