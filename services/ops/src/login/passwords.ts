import { AppError } from '@liventix/shared/errors';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id as OWASP's Password Storage Cheat Sheet asks for at least: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Where no second factor is certain, fifteen characters (NIST SP 800-63B-4, 3.1.1.2). */
export const passwordMin = 15;
export const passwordMax = 256;

/** Each takes 19 MiB and a core for some twenty milliseconds: guesses must not become an outage. */
const atOnceMax = 4;
/** One place is for who is known, or strangers who guess would keep everybody out. */
const strangersMax = 3;
const atOnce = { known: 0, strangers: 0 };

/** What is compared when there is nobody: their absence takes as long as a wrong password. */
let nobodys: Promise<string> | undefined;

/** The hash of a new password, or why it is none. */
export async function hashPassword(password: string, email: string): Promise<string> {
  const length = [...password].length;
  if (length < passwordMin || length > passwordMax) {
    throw refused(
      `A password has ${passwordMin} to ${passwordMax} characters; a sentence is good.`,
    );
  }
  const bare = password.toLowerCase();
  if (new Set(bare).size < 5 || bare.includes(email) || email.includes(bare)) {
    throw refused('This password is too easy to guess. A sentence only you would say is good.');
  }
  return await oneOfFew('known', async () => await hash(password.normalize('NFKC'), cost));
}

interface WithPassword {
  readonly passwordHash: string | null;
}

/**
 * Which of these accounts has this password. Who has none never has it, and takes as long to say so, as do
 * no accounts at all. All are looked at or none: one place for a hash is enough for them together.
 */
export async function whosePassword<Account extends WithPassword>(
  password: string,
  accounts: readonly Account[],
  { isKnown = false }: { readonly isKnown?: boolean } = {},
): Promise<Account | undefined> {
  return await oneOfFew(isKnown ? 'known' : 'strangers', async () => {
    nobodys ??= hash('nobody has this password', cost);
    const nobody = await nobodys;
    const given = password.slice(0, passwordMax * 2).normalize('NFKC');
    for (const account of accounts) {
      const matches = await verify(account.passwordHash ?? nobody, given);
      if (matches && account.passwordHash !== null) {
        return account;
      }
    }
    if (accounts.length === 0) {
      await verify(nobody, given);
    }
    return undefined;
  });
}

async function oneOfFew<Result>(
  kind: keyof typeof atOnce,
  work: () => Promise<Result>,
): Promise<Result> {
  const isFull = kind === 'strangers' && atOnce.strangers >= strangersMax;
  if (isFull || atOnce.known + atOnce.strangers >= atOnceMax) {
    throw new AppError('login.busy', {
      message: 'Many people log in right now. Try again in a moment.',
      retry: 'transient',
    });
  }
  atOnce[kind] += 1;
  try {
    return await work();
  } finally {
    atOnce[kind] -= 1;
  }
}

function refused(message: string): AppError {
  return new AppError('password.refused', { message, retry: 'permanent' });
}
