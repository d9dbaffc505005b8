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
 * which costs a hash of twenty milliseconds, who was known, and what was written down, do not show in
 * the time.
 */
export const refusedEveryMs = 250;

/** Whose guesses are counted together, where this one comes from, and what is known of who makes it. */
interface Guesser {
  readonly email: string;
  readonly address: string;
  readonly known: string | undefined;
  /** Whether the guess is looked at for accounts of several houses: who is right for one was wrong for others. */
  readonly isShared?: boolean;
}

export interface Guess<Found> {
  readonly who: () => Promise<Guesser>;
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
 * wrong. Right for one house only, it takes nothing back of those before: they were at others as well. Nothing else looks at either.
 */
export async function takeTurn<Found>(deps: LoginDeps, guess: Guess<Found>): Promise<Found> {
  const { look } = guess;
  const startedMs = performance.now();
  const who = await guess.who();
  const early = await refuseEarly(deps, who);
  if (early !== undefined) {
    await untilNextBeat(startedMs);
    throw early;
  }
  const found = await look().catch(async (thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'login.busy') {
      await giveBackLoginTry(deps.db, who);
    }
    throw thrown;
  });
  if (found === undefined) {
    const refused = await refuse(deps, who, guess.refusal);
    await untilNextBeat(startedMs);
    throw refused;
  }
  await (who.isShared === true ? giveBackLoginTry : forgetLoginTries)(deps.db, who);
  return found;
}

async function untilNextBeat(startedMs: number): Promise<void> {
  await sleep(refusedEveryMs - ((performance.now() - startedMs) % refusedEveryMs));
}

async function refuseEarly(deps: LoginDeps, who: Guesser): Promise<AppError | undefined> {
  const waitS = Math.ceil(await takeLoginTry(deps.db, who));
  return waitS === 0
    ? undefined
    : new AppError('login.too_many', {
        message: `Too many tries. Wait ${waitS} seconds and try again.`,
        retry: 'transient',
        details: { retryAfterS: waitS },
      });
}

async function refuse(
  deps: LoginDeps,
  who: Guesser,
  { code, message, way, entries }: Guess<unknown>['refusal'],
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
