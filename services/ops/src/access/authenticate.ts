import { type Action, mayDo } from '@liventix/domain/access';
import { type Credential, findApiKey } from '@liventix/domain/access/repository';
import { findSession, peekSession, type Session } from '@liventix/domain/access/session-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { bearerOf } from '@liventix/shared/http/bearer';
import type { FastifyRequest } from 'fastify';
import { isHarmless, notingRefusals } from '#access/refusals';
import type { Deps } from '#deps';
import { requireFormToken, sessionTokenOf } from '#login/session-cookie';

/**
 * Who is asking, if their key is good, or they are logged in, and they may do this. What writes and
 * comes with a cookie alone must show that a page of ours sent it.
 */
export async function authenticate(
  deps: Pick<Deps, 'db'>,
  request: FastifyRequest,
  action: Action,
): Promise<Credential> {
  const credential = await identify(deps.db, request);
  return await notingRefusals(deps, { request, credential }, async () => {
    if (credential.actorType === 'user' && !isHarmless(request)) {
      requireFormToken(sessionTokenOf(request) ?? '', request.headers['x-form-token']);
    }
    requireAction(credential, action);
    return credential;
  });
}

/** Whether who was let in to read would be let in still. Asking is no use of a session. */
export async function mayStill(
  db: Database,
  request: FastifyRequest,
  action: Action,
): Promise<boolean> {
  const key = bearerOf(request);
  const token = sessionTokenOf(request);
  if (key !== undefined) {
    const found = await findApiKey(db.pool, key);
    return found !== undefined && mayDo(found, action);
  }
  const session = token === undefined ? undefined : await peekSession(db.pool, token);
  return session !== undefined && !session.awaitsCode && mayDo(credentialOf(session), action);
}

/** Who is asking, whatever they may do. */
export async function identify(db: Database, request: FastifyRequest): Promise<Credential> {
  const key = bearerOf(request);
  return key === undefined ? await byCookie(db, request) : await byKey(db, key);
}

export function requireAction(credential: Credential, action: Action): void {
  if (!mayDo(credential, action)) {
    throw forbidden(credential);
  }
}

async function byKey(db: Database, key: string): Promise<Credential> {
  const credential = await findApiKey(db.pool, key);
  if (credential === undefined) {
    throw new AppError('api_key.invalid', {
      message: 'This API key is unknown, expired or revoked.',
      retry: 'permanent',
    });
  }
  return credential;
}

async function byCookie(db: Database, request: FastifyRequest): Promise<Credential> {
  const token = sessionTokenOf(request);
  if (token === undefined) {
    throw new AppError('api_key.missing', {
      message: 'Send an API key as "Authorization: Bearer …", or log in.',
      retry: 'permanent',
    });
  }
  const session = await findSession(db.pool, token);
  if (session === undefined || session.awaitsCode) {
    throw new AppError('session.over', {
      message: 'You are not logged in any more. Log in again.',
      retry: 'permanent',
    });
  }
  return credentialOf(session);
}

export function credentialOf({ userId, organizationId, role, operates }: Session): Credential {
  return { actorType: 'user', actorId: userId, organizationId, role, scopes: null, operates };
}

function forbidden({ actorType, role }: Credential): AppError {
  const who = actorType === 'user' ? 'Somebody' : 'A key';
  return new AppError('api_key.forbidden', {
    message: `${who} with the role ${role} may not do this.`,
    retry: 'permanent',
  });
}
