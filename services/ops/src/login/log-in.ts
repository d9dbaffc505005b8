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
import { hashPassword, whosePassword } from '#login/passwords';
import { type GivenCode, proveCode } from '#login/second-factor';
import { type LoginDeps, type Turn, takeTurns } from '#login/turn';

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

/** What somebody typed, where they are, and what their browser kept of an earlier login. */
interface Entered {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly kept: string | undefined;
}

/**
 * Begins a session for whoever has this password. A wrong address, a wrong password and an account
 * without one are the same answer, after the same time.
 */
export async function logIn(
  deps: LoginDeps,
  asked: Entered,
  { replaced }: Replacing,
): Promise<Begun> {
  const email = asked.email.trim().toLowerCase();
  const account = await takeTurns(deps, {
    turns: async () =>
      turnsAt(deps, await findLoginAccounts(deps.db.pool, email), { ...asked, email }),
    refusal: { code: 'login.failed', message: nobody, way: 'password' },
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
    // A second factor may have been turned on since the account was looked at.
    if (!(await lockLoginAccount(tx, account))) {
      throw endedMeanwhile();
    }
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
  const look = async () => {
    const account = await findLoginAccount(deps.db.pool, userId);
    const theirs = account === undefined ? [] : [account];
    return await whosePassword(asked.current, theirs, { isKnown: true });
  };
  const who = { email, address: asked.address, known: sessionId };
  await takeTurns(deps, {
    turns: async () => [{ who, look, entries: [guessAt(session, 'current_password')] }],
    refusal: {
      code: 'login.failed',
      message: 'This is not your password.',
      way: 'current_password',
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
 * Each house can make an account for whom it likes: so a browser guesses at the account that knows it by itself,
 * and at those of other houses as any stranger does. It does so where there are none, too, or the time and the
 * counters would tell a house which of its people have accounts elsewhere.
 */
function turnsAt(
  deps: LoginDeps,
  accounts: readonly LoginAccount[],
  { email, password, address, kept }: Entered,
): Turn<LoginAccount>[] {
  const turnAt = (these: readonly LoginAccount[], known?: string) => ({
    who: { email, address, known },
    look: async () => await whosePassword(password, these, { isKnown: known !== undefined }),
    entries: these.map((one) => guessAt(one, 'password')),
  });
  for (const own of accounts) {
    const device = knownDevice(deps, own, kept);
    if (device !== undefined) {
      return [turnAt([own], device), turnAt(accounts.filter((one) => one !== own))];
    }
  }
  return [turnAt(accounts)];
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
