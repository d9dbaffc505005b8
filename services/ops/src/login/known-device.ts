import { createHash, randomUUID } from 'node:crypto';
import type { LoginAccount } from '@liventix/domain/access/people-repository';
import { openSealed, sealBytes } from '@liventix/shared/tokens';
import { z } from 'zod';
import type { LoginDeps } from '#login/turn';

/** How long a browser is known after its person logged in with it. */
export const knownForMs = 180 * 86_400_000;

type Account = Pick<LoginAccount, 'userId' | 'passwordHash'>;
type Keys = Pick<LoginDeps, 'config'>;

/**
 * What a browser keeps of a login, to be told from strangers at the next one: it opens nothing by itself
 * (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Sealed for one account and its
 * password, so another password makes strangers of those who knew the old one.
 */
export function knowDevice({ config }: Keys, account: Account): string {
  const device = { id: randomUUID(), since: Date.now() };
  return sealBytes(Buffer.from(JSON.stringify(device)), sealingOf(config, account));
}

const content = z.object({ id: z.uuid(), since: z.int() });

/** Which browser of this account this is, if it is one. */
export function knownDevice(
  { config }: Keys,
  account: Account,
  kept: string | undefined,
): string | undefined {
  const device = kept === undefined ? undefined : open(kept, sealingOf(config, account));
  return device !== undefined && device.since + knownForMs > Date.now() ? device.id : undefined;
}

function open(kept: string, sealing: ReturnType<typeof sealingOf>) {
  try {
    return content.parse(JSON.parse(openSealed(kept, sealing).toString()));
  } catch {
    // Of another account, password or master key, or invented: a stranger's.
    return undefined;
  }
}

function sealingOf(config: Keys['config'], { userId, passwordHash }: Account) {
  const password = createHash('sha256')
    .update(passwordHash ?? '')
    .digest('base64url');
  return { context: `liventix/device/${userId}/${password}`, keys: config.MASTER_KEYS };
}
