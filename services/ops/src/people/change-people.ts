import type { Holder, Role } from '@liventix/domain/access';
import { addPerson, changePerson, lockPerson } from '@liventix/domain/access/people-repository';
import type { Credential } from '@liventix/domain/access/repository';
import { removeSecret } from '@liventix/domain/access/second-factor-repository';
import {
  endLinksOf,
  endSessionsOf,
  makeLoginLink,
} from '@liventix/domain/access/session-repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';
import { requireWithin } from '#access/within';
import type { Deps } from '#deps';

const linkLastsMs = 3 * 86_400_000;

export interface Invited {
  readonly userId: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Adds a person, with a link for them to choose a password by. */
export async function invite(
  deps: Pick<Deps, 'db'>,
  credential: Credential,
  person: { readonly email: string; readonly name: string; readonly role: Role },
): Promise<Invited> {
  const { organizationId } = credential;
  requireWithin(credential, holderOf(person));
  return await deps.db.inTransaction(async (tx) => {
    const added = await addPerson(tx, { organizationId, ...person });
    if (added === undefined) {
      throw new AppError('person.address_taken', {
        message: 'Somebody in this organization has this address already.',
        retry: 'permanent',
      });
    }
    await recordAct(tx, credential, {
      action: 'person.add',
      objectType: 'user',
      objectId: added.userId,
      facts: { role: person.role },
      details: { email: person.email, name: person.name },
    });
    return await linkFor(tx, added.userId);
  });
}

/** A new link for a person who is there: they have forgotten their password. */
export async function inviteAgain(
  deps: Pick<Deps, 'db'>,
  credential: Credential,
  userId: string,
): Promise<Invited> {
  requireId(userId);
  return await deps.db.inTransaction(async (tx) => {
    await lockWithin(tx, credential, userId);
    await recordAct(tx, credential, {
      action: 'person.link',
      objectType: 'user',
      objectId: userId,
    });
    return await linkFor(tx, userId);
  });
}

/**
 * Takes a second factor away whose device is lost: their sessions and links end. Not by a session of their
 * own: who has a device enters a code of it at /account.
 */
export async function resetCode(
  deps: Pick<Deps, 'db'>,
  credential: Credential,
  userId: string,
): Promise<void> {
  requireId(userId);
  if (credential.actorType === 'user' && credential.actorId === userId) {
    throw new AppError('person.oneself', {
      message: 'Ask another owner, or remove your second factor with one of its codes.',
      retry: 'permanent',
    });
  }
  await deps.db.inTransaction(async (tx) => {
    await lockWithin(tx, credential, userId);
    await removeSecret(tx, userId);
    await endSessionsOf(tx, { userId });
    await endLinksOf(tx, userId);
    await recordAct(tx, credential, {
      action: 'person.code_reset',
      objectType: 'user',
      objectId: userId,
    });
  });
}

/**
 * Gives a person another role, or null to let them in no more: their sessions end, and so does a link
 * that was made for who they were.
 */
export async function change(
  deps: Pick<Deps, 'db'>,
  credential: Credential,
  { userId, role }: { readonly userId: string; readonly role: Role | null },
): Promise<void> {
  const { organizationId } = credential;
  requireId(userId);
  if (role !== null) {
    requireWithin(credential, holderOf({ role }));
  }
  await deps.db.inTransaction(async (tx) => {
    await lockWithin(tx, credential, userId);
    const outcome = await changePerson(tx, { organizationId, userId, role });
    if (outcome === 'not_found') {
      throw notFound('person');
    }
    if (outcome === 'last_owner') {
      throw new AppError('person.last_owner', {
        message: 'This is the only owner. Make somebody else an owner first.',
        retry: 'permanent',
      });
    }
    await endSessionsOf(tx, { userId });
    await endLinksOf(tx, userId);
    await recordAct(tx, credential, {
      action: role === null ? 'person.remove' : 'person.role',
      objectType: 'user',
      objectId: userId,
      ...(role !== null && { facts: { role } }),
    });
  });
}

/** A person who is there, and may do no more than who asks. */
async function lockWithin(tx: Transaction, credential: Credential, userId: string): Promise<void> {
  const { organizationId } = credential;
  const person = await lockPerson(tx, { organizationId, userId });
  if (person === undefined) {
    throw notFound('person');
  }
  requireWithin(credential, holderOf(person));
}

function holderOf({ role }: { readonly role: Role }): Holder {
  return { role, scopes: null };
}

async function linkFor(tx: Transaction, userId: string): Promise<Invited> {
  const expiresAt = new Date(Date.now() + linkLastsMs);
  const { token } = await makeLoginLink(tx, { userId, purpose: 'password', expiresAt });
  return { userId, token, expiresAt };
}

function requireId(userId: string): void {
  if (!z.uuid().safeParse(userId).success) {
    throw notFound('person');
  }
}
