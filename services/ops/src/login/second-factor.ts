import { appendAudit } from '@liventix/domain/access/audit-repository';
import {
  confirmSecret,
  findSealedSecret,
  offerSecret,
  removeSecret,
  takeStep,
} from '@liventix/domain/access/second-factor-repository';
import { endSessionsOf, type Session } from '@liventix/domain/access/session-repository';
import { AppError } from '@liventix/shared/errors';
import { openSealed, sealBytes } from '@liventix/shared/tokens';
import { Secret, TOTP } from 'otpauth';
import { toString as toQr } from 'qrcode';
import { actOf, guessAt } from '#login/login-acts';
import { type LoginDeps, takeTurns } from '#login/turn';

/** RFC 6238 as every authenticator app knows it; a clock may be one step off. */
const kind = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const stepsOff = 1;

const wrongCode = 'This code is wrong or was used already. Wait for the next one.';

/** A code as somebody typed it, and where they are. */
export interface GivenCode {
  readonly code: string;
  readonly address: string;
}

function contextOf(userId: string): string {
  return `liventix/totp/${userId}`;
}

/** A new secret for somebody who has none in force: as text and as the QR code that apps read. */
export async function offerSecondFactor(
  deps: LoginDeps,
  session: Session,
): Promise<{ readonly secret: string; readonly svg: string }> {
  const { userId, email } = session;
  const secret = new Secret({ size: 20 });
  const sealed = sealBytes(Buffer.from(secret.base32), {
    context: contextOf(userId),
    keys: deps.config.MASTER_KEYS,
  });
  await deps.db.inTransaction(async (tx) => {
    if (!(await offerSecret(tx, { userId, sealed }))) {
      throw new AppError('login.code_in_force', {
        message: 'A second factor is in force already. Take it away first.',
        retry: 'permanent',
      });
    }
    await appendAudit(tx, actOf(session, 'person.code_offer'));
  });
  const uri = new TOTP({ ...kind, issuer: 'Liventix', label: email, secret }).toString();
  return { secret: secret.base32, svg: await toQr(uri, { type: 'svg', margin: 1 }) };
}

/**
 * The secret is on the person's device: from now on a login asks for its codes. Other sessions end, which
 * began without one.
 */
export async function confirmSecondFactor(
  deps: LoginDeps,
  session: Session,
  given: GivenCode,
): Promise<void> {
  const { userId, sessionId } = session;
  const sealed = await proveCode(deps, session, given);
  await deps.db.inTransaction(async (tx) => {
    if (!(await confirmSecret(tx, { userId, sealed }))) {
      throw new AppError('login.code_wrong', { message: wrongCode, retry: 'permanent' });
    }
    await endSessionsOf(tx, { userId, except: sessionId });
    await appendAudit(tx, actOf(session, 'person.code_on'));
  });
}

export async function removeSecondFactor(
  deps: LoginDeps,
  session: Session,
  given: GivenCode,
): Promise<void> {
  await proveCode(deps, session, given);
  await deps.db.inTransaction(async (tx) => {
    await removeSecret(tx, session.userId);
    await appendAudit(tx, actOf(session, 'person.code_off'));
  });
}

/**
 * Takes a code, once: a repeated one is as wrong as an invented one. Guesses wait for their turn
 * wherever they are asked for, and are counted together: a browser or session may be older than the
 * factor and of whoever knew the password, and a code is short, so being known is worth nothing here.
 * The secret it is of, sealed.
 */
export async function proveCode(
  deps: LoginDeps,
  person: { readonly organizationId: string; readonly userId: string },
  { code, address }: GivenCode,
): Promise<string> {
  const { userId } = person;
  const who = { email: `code:${userId}`, address };
  const look = async () => await takeCode(deps, { userId, code: code.replaceAll(/\s/g, '') });
  return await takeTurns(deps, {
    turns: async () => [{ who, look, entries: [guessAt(person, 'code')] }],
    refusal: { code: 'login.code_wrong', message: wrongCode, way: 'code' },
  });
}

async function takeCode(
  deps: LoginDeps,
  { userId, code }: { readonly userId: string; readonly code: string },
): Promise<string | undefined> {
  const sealed = await findSealedSecret(deps.db.pool, userId);
  if (sealed === undefined || !/^\d{6}$/.test(code)) {
    return undefined;
  }
  const opened = openSealed(sealed, {
    context: contextOf(userId),
    keys: deps.config.MASTER_KEYS,
  });
  const totp = new TOTP({ ...kind, secret: Secret.fromBase32(opened.toString()) });
  // Read once: at the end of a step the second reading would be of the next one.
  const timestamp = Date.now();
  const off = totp.validate({ token: code, window: stepsOff, timestamp });
  const isTaken =
    off !== null &&
    (await takeStep(deps.db.pool, { userId, sealed, step: totp.counter({ timestamp }) + off }));
  return isTaken ? sealed : undefined;
}
