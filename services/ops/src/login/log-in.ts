import { appendAudit } from '@liventix/domain/access/audit-repository';
import {
  findLoginAccount,
  findLoginAccounts,
  type LoginAccount,
  lockLoginAccount,
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
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { knowDevice, knownDevice } from '#login/known-device';
import { actOf, guessAt } from '#login/login-acts';
import { hashPassword, isPassword } from '#login/passwords';
import { type GivenCode, proveCode } from '#login/second-factor';
import { type LoginDeps, takeTurn } from '#login/turn';

const nobody = 'There is nobody with this address and password.';

export interface Begun {
  readonly token: string;
  /** Whether a code must follow before the session opens anything. */
  readonly awaitsCode: boolean;
  /** What the browser is to keep, once it has a whole session. */
  readonly device: string | undefined;
}

/** The session that the browser had: it ends when another begins in its place. */
interface Replacing {
  readonly replaced: string | undefined;
}

/** Where somebody is, and what their browser kept of an earlier login. */
interface Place {
  readonly address: string;
  readonly kept: string | undefined;
}

/**
 * Begins a session for whoever has this password. A wrong address, a wrong password and an account
 * without one are the same answer, after the same time.
 */
export async function logIn(
  deps: LoginDeps,
  asked: { readonly email: string; readonly password: string } & Place,
  { replaced }: Replacing,
): Promise<Begun> {
  const email = asked.email.trim().toLowerCase();
  let accounts: readonly LoginAccount[] = [];
  const account = await takeTurn(deps, {
    who: async () => {
      accounts = await findLoginAccounts(deps.db.pool, email);
      const known = knownTo(deps, accounts, asked.kept);
      return { email, address: asked.address, known, isShared: accounts.length > 1 };
    },
    look: async () => await accountWith(accounts, asked.password),
    refusal: {
      code: 'login.failed',
      message: nobody,
      way: 'password',
      entries: () => accounts.map((one) => guessAt(one, 'password')),
    },
  });
  return await deps.db.inTransaction(async (tx) => {
    // The password may have been changed since it was looked at, to shut out whoever knows the old one.
    if (!(await lockLoginAccount(tx, account))) {
      throw new AppError('login.failed', { message: nobody, retry: 'permanent' });
    }
    return await begin(deps, tx, { account, way: 'password', replaced });
  });
}

/** Takes the second factor: the half session ends and a whole one begins, under another token. */
export async function giveCode(
  deps: LoginDeps,
  session: Session,
  given: GivenCode,
): Promise<Begun> {
  const account = await findLoginAccount(deps.db.pool, session.userId);
  if (account === undefined) {
    throw endedMeanwhile();
  }
  await proveCode(deps, session, given);
  return await deps.db.inTransaction(async (tx) => {
    // Half a login that was ended meanwhile, as by a reset of the second factor, does not become a whole one.
    const isOpen =
      (await lockLoginAccount(tx, account)) && (await endSession(tx, session.sessionId));
    if (!isOpen) {
      throw endedMeanwhile();
    }
    const proven = { ...account, asksCode: false };
    return await begin(deps, tx, { account: proven, way: 'code', replaced: undefined });
  });
}

/** Follows a link: with a new password if it is for one, whose other sessions end then. */
export async function followLink(
  deps: LoginDeps,
  { token, password }: { readonly token: string; readonly password: string | undefined },
  { replaced }: Replacing,
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
    const entering = { ...account, ...(passwordHash !== undefined && { passwordHash }) };
    return await begin(deps, tx, { account: entering, way: `${link.purpose}_link`, replaced });
  });
}

/**
 * Changes one's own password, which ends one's other sessions and has their browsers forgotten. Returns
 * what this one is to keep instead.
 */
export async function changePassword(
  deps: LoginDeps,
  session: Session,
  asked: { readonly current: string; readonly next: string; readonly address: string },
): Promise<string> {
  const { userId, email, sessionId } = session;
  await takeTurn(deps, {
    who: async () => ({ email, address: asked.address, known: sessionId }),
    look: async () => {
      const account = await findLoginAccount(deps.db.pool, userId);
      return (await isPassword(asked.current, account?.passwordHash)) || undefined;
    },
    refusal: {
      code: 'login.failed',
      message: 'This is not your password.',
      way: 'current_password',
      entries: () => [guessAt(session, 'current_password')],
    },
  });
  const passwordHash = await hashPassword(asked.next, email);
  await deps.db.inTransaction(async (tx) => {
    await setPassword(tx, { userId, passwordHash });
    await endSessionsOf(tx, { userId, except: sessionId });
    await appendAudit(tx, actOf(session, 'person.password'));
  });
  return knowDevice(deps, { userId, passwordHash });
}

/**
 * A guess is looked at for every account of an address, and each house can make one for whom it likes: who is
 * known to one of several is a stranger, or a house could guess at its people's accounts elsewhere.
 */
function knownTo(
  deps: LoginDeps,
  accounts: readonly LoginAccount[],
  kept: string | undefined,
): string | undefined {
  return accounts.length === 1 ? knownDevice(deps, accounts, kept) : undefined;
}

async function accountWith(
  accounts: readonly LoginAccount[],
  password: string,
): Promise<LoginAccount | undefined> {
  for (const account of accounts.length === 0 ? [undefined] : accounts) {
    if (await isPassword(password, account?.passwordHash)) {
      return account;
    }
  }
  return undefined;
}

/** Begins a session in place of the one that the browser had, half a one where a code must follow. */
async function begin(
  deps: LoginDeps,
  tx: Transaction,
  { account, way, replaced }: Replacing & { readonly account: LoginAccount; readonly way: string },
): Promise<Begun> {
  const { userId, asksCode: awaitsCode } = account;
  if (replaced !== undefined) {
    await endSession(tx, replaced);
  }
  const { token } = await beginSession(tx, { userId, awaitsCode });
  const action = awaitsCode ? 'session.password' : 'session.begin';
  await appendAudit(tx, { ...actOf(account, action), facts: { way } });
  return { token, awaitsCode, device: awaitsCode ? undefined : knowDevice(deps, account) };
}

function endedMeanwhile(): AppError {
  return new AppError('session.over', {
    message: 'This login was ended. Log in again.',
    retry: 'permanent',
  });
}

function deadLink(): AppError {
  return new AppError('login.link_dead', {
    message: 'This link was used, has expired or was replaced. Ask for a new one.',
    retry: 'permanent',
  });
}
