import {
  confirmSecret,
  findSealedSecret,
  offerSecret,
  takeStep,
} from '@liventix/domain/access/second-factor-repository';
import { AppError } from '@liventix/shared/errors';
import { openSealed, sealBytes } from '@liventix/shared/tokens';
import { Secret, TOTP } from 'otpauth';
import { toString as toQr } from 'qrcode';
import type { Deps } from '#deps';

/** RFC 6238 as every authenticator app knows it; a clock may be one step off. */
const kind = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const stepsOff = 1;

function contextOf(userId: string): string {
  return `liventix/totp/${userId}`;
}

/** A new secret for somebody who has none in force: as text and as the QR code that apps read. */
export async function offerSecondFactor(
  deps: Pick<Deps, 'db' | 'config'>,
  { userId, email }: { readonly userId: string; readonly email: string },
): Promise<{ readonly secret: string; readonly svg: string }> {
  const secret = new Secret({ size: 20 });
  const sealed = sealBytes(Buffer.from(secret.base32), {
    context: contextOf(userId),
    keys: deps.config.MASTER_KEYS,
  });
  if (!(await offerSecret(deps.db.pool, { userId, sealed }))) {
    throw new AppError('login.code_in_force', {
      message: 'A second factor is in force already. Take it away first.',
      retry: 'permanent',
    });
  }
  const uri = new TOTP({ ...kind, issuer: 'Liventix', label: email, secret }).toString();
  return { secret: secret.base32, svg: await toQr(uri, { type: 'svg', margin: 1 }) };
}

/** The secret is on the person's device: from now on a login asks for its codes. */
export async function confirmSecondFactor(
  deps: Pick<Deps, 'db' | 'config'>,
  { userId, code }: { readonly userId: string; readonly code: string },
): Promise<boolean> {
  if (!(await takeCode(deps, { userId, code }))) {
    return false;
  }
  await deps.db.inTransaction(async (tx) => await confirmSecret(tx, userId));
  return true;
}

/** Takes a code, once: a repeated one is as wrong as an invented one. */
export async function takeCode(
  deps: Pick<Deps, 'db' | 'config'>,
  { userId, code }: { readonly userId: string; readonly code: string },
): Promise<boolean> {
  const sealed = await findSealedSecret(deps.db.pool, userId);
  if (sealed === undefined || !/^\d{6}$/.test(code)) {
    return false;
  }
  const opened = openSealed(sealed, {
    context: contextOf(userId),
    keys: deps.config.MASTER_KEYS,
  });
  const totp = new TOTP({ ...kind, secret: Secret.fromBase32(opened.toString()) });
  const off = totp.validate({ token: code, window: stepsOff });
  return off !== null && (await takeStep(deps.db.pool, { userId, step: totp.counter() + off }));
}
