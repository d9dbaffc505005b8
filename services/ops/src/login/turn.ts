import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEntry, appendRefusals } from '@liventix/domain/access/audit-repository';
import {
  forgetLoginTries,
  giveBackLoginTry,
  takeLoginTry,
} from '@liventix/domain/access/login-delay-repository';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';

export type LoginDeps = Pick<Deps, 'db' | 'config' | 'log'>;

/**
 * Refusals come at multiples of this after their try: how many accounts an address has, each of
 * which costs a hash of twenty milliseconds, and what was written down, do not show in the time.
 */
export const refusedEveryMs = 250;

export interface Guess<Found> {
  /** Whose guesses are counted together, and where this one comes from. */
  readonly who: { readonly email: string; readonly address: string };
  /** Looks at what was given; undefined when it is wrong. */
  readonly look: () => Promise<Found | undefined>;
  readonly refusal: {
    readonly code: 'login.failed' | 'login.code_wrong';
    readonly message: string;
    readonly way: 'password' | 'code' | 'current_password';
    /** Whose accounts were guessed at, once that is known: nobody's has no log to stand in. */
    readonly entries: () => readonly AuditEntry[];
  };
}

/**
 * One guess at a password or a code. It is counted before it is looked at, given back when there was
 * no time to look, forgotten with those before it when it is right, and written down when it is
 * wrong. Nothing else looks at either.
 */
export async function takeTurn<Found>(deps: LoginDeps, guess: Guess<Found>): Promise<Found> {
  const { who, look } = guess;
  const startedMs = performance.now();
  await waitForTurn(deps, who);
  const found = await look().catch(async (thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'login.busy') {
      await giveBackLoginTry(deps.db, who);
    }
    throw thrown;
  });
  if (found === undefined) {
    const refused = await refuse(deps, guess);
    await sleep(refusedEveryMs - ((performance.now() - startedMs) % refusedEveryMs));
    throw refused;
  }
  await forgetLoginTries(deps.db, who);
  return found;
}

async function waitForTurn(deps: LoginDeps, who: Guess<unknown>['who']): Promise<void> {
  const waitS = await takeLoginTry(deps.db, who);
  if (waitS > 0) {
    throw new AppError('login.too_many', {
      message: `Too many tries. Wait ${Math.ceil(waitS)} seconds and try again.`,
      retry: 'transient',
      details: { retryAfterS: Math.ceil(waitS) },
    });
  }
}

async function refuse(
  deps: LoginDeps,
  { who, refusal: { code, message, way, entries } }: Guess<unknown>,
): Promise<AppError> {
  const guessedAt = entries();
  const accounts = guessedAt.map(({ objectId }) => objectId);
  await deps.db.inTransaction(
    async (tx) =>
      await appendRefusals(tx, {
        alike: ['session.refused', way, who.email, ...accounts],
        entries: guessedAt,
      }),
  );
  deps.log.warn({ code, way }, 'somebody could not log in');
  return new AppError(code, { message, retry: 'permanent' });
}
