import { appendAudit } from '@liventix/domain/access/audit-repository';
import { forgetLoginTries, takeLoginTry } from '@liventix/domain/access/login-delay-repository';
import {
  findLoginAccount,
  findLoginAccounts,
  type LoginAccount,
  setPassword,
} from '@liventix/domain/access/people-repository';
import {
  beginSession,
  endSession,
  endSessionsOf,
  findLoginLink,
  type Session,
  useLoginLink,
} from '@liventix/domain/access/session-repository';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';
import { hashPassword, isPassword } from '#login/passwords';
import { takeCode } from '#login/second-factor';

interface Begun {
  readonly token: string;
  /** Whether a code must follow before the session opens anything. */
  readonly awaitsCode: boolean;
}

type LoginDeps = Pick<Deps, 'db' | 'config' | 'log'>;

/**
 * Begins a session for whoever has this password. A wrong address, a wrong password and an account
 * without one are the same answer, after the same time.
 */
export async function logIn(
  deps: LoginDeps,
  asked: { readonly email: string; readonly password: string; readonly address: string },
): Promise<Begun> {
  const email = asked.email.trim().toLowerCase();
  const who = { email, address: asked.address };
  await waitForTurn(deps, who);
  const account = await accountWith(deps, email, asked.password);
  if (account === undefined) {
    deps.log.warn({ code: 'login.failed' }, 'somebody could not log in');
    throw new AppError('login.failed', {
      message: 'There is nobody with this address and password.',
      retry: 'permanent',
    });
  }
  await forgetLoginTries(deps.db, who);
  return await begin(deps, account, { way: 'password' });
}

/** Takes the second factor: the half session ends and a whole one begins, under another token. */
export async function giveCode(
  deps: LoginDeps,
  session: Session,
  asked: { readonly code: string; readonly address: string },
): Promise<Begun> {
  const who = { email: `code:${session.userId}`, address: asked.address };
  await waitForTurn(deps, who);
  if (!(await takeCode(deps, { userId: session.userId, code: asked.code }))) {
    throw new AppError('login.code_wrong', {
      message: 'This code is wrong or was used already. Wait for the next one.',
      retry: 'permanent',
    });
  }
  await forgetLoginTries(deps.db, who);
  return await deps.db.inTransaction(async (tx) => {
    await endSession(tx, session.sessionId);
    const { token } = await beginSession(tx, { userId: session.userId, awaitsCode: false });
    await appendAudit(tx, { ...actOf(session), action: 'session.begin', facts: { way: 'code' } });
    return { token, awaitsCode: false };
  });
}

/** Follows a link: with a new password if it is for one, whose other sessions end then. */
export async function followLink(
  deps: LoginDeps,
  { token, password }: { readonly token: string; readonly password: string | undefined },
): Promise<Begun> {
  const link = await findLoginLink(deps.db.pool, token);
  const account = link && (await findLoginAccount(deps.db.pool, link.userId));
  if (link === undefined || account === undefined) {
    throw deadLink();
  }
  const passwordHash =
    link.purpose === 'password' ? await hashPassword(password ?? '', link.email) : undefined;
  return await deps.db.inTransaction(async (tx) => {
    if (!(await useLoginLink(tx, token))) {
      throw deadLink();
    }
    if (passwordHash !== undefined) {
      await setPassword(tx, { userId: link.userId, passwordHash });
      await endSessionsOf(tx, { userId: link.userId });
    }
    const { asksCode: awaitsCode } = account;
    const begun = await beginSession(tx, { userId: link.userId, awaitsCode });
    await appendAudit(tx, {
      ...actOf(account),
      action: awaitsCode ? 'session.password' : 'session.begin',
      facts: { way: `${link.purpose}_link` },
    });
    return { token: begun.token, awaitsCode };
  });
}

/** Changes one's own password, which ends one's other sessions. */
export async function changePassword(
  deps: LoginDeps,
  session: Session,
  asked: { readonly current: string; readonly next: string; readonly address: string },
): Promise<void> {
  const who = { email: session.email, address: asked.address };
  await waitForTurn(deps, who);
  const account = await findLoginAccount(deps.db.pool, session.userId);
  if (!(await isPassword(asked.current, account?.passwordHash))) {
    throw new AppError('login.failed', {
      message: 'This is not your password.',
      retry: 'permanent',
    });
  }
  await forgetLoginTries(deps.db, who);
  const passwordHash = await hashPassword(asked.next, session.email);
  await deps.db.inTransaction(async (tx) => {
    await setPassword(tx, { userId: session.userId, passwordHash });
    await endSessionsOf(tx, { userId: session.userId, except: session.sessionId });
    await appendAudit(tx, { ...actOf(session), action: 'person.password' });
  });
}

async function accountWith(
  deps: LoginDeps,
  email: string,
  password: string,
): Promise<LoginAccount | undefined> {
  const accounts = await findLoginAccounts(deps.db.pool, email);
  for (const account of accounts.length === 0 ? [undefined] : accounts) {
    if (await isPassword(password, account?.passwordHash)) {
      return account;
    }
  }
  return undefined;
}

async function begin(
  deps: LoginDeps,
  account: LoginAccount,
  { way }: { readonly way: string },
): Promise<Begun> {
  const { userId, asksCode: awaitsCode } = account;
  return await deps.db.inTransaction(async (tx) => {
    const { token } = await beginSession(tx, { userId, awaitsCode });
    const action = awaitsCode ? 'session.password' : 'session.begin';
    await appendAudit(tx, { ...actOf(account), action, facts: { way } });
    return { token, awaitsCode };
  });
}

async function waitForTurn(
  deps: LoginDeps,
  who: { readonly email: string; readonly address: string },
): Promise<void> {
  const waitS = await takeLoginTry(deps.db, who);
  if (waitS > 0) {
    throw new AppError('login.too_many', {
      message: `Too many tries. Wait ${Math.ceil(waitS)} seconds and try again.`,
      retry: 'transient',
      details: { retryAfterS: Math.ceil(waitS) },
    });
  }
}

function actOf({ organizationId, userId }: { organizationId: string; userId: string }) {
  return {
    organizationId,
    actorType: 'user' as const,
    actorId: userId,
    objectType: 'user',
    objectId: userId,
  };
}

function deadLink(): AppError {
  return new AppError('login.link_dead', {
    message: 'This link was used, has expired or was replaced. Ask for a new one.',
    retry: 'permanent',
  });
}
