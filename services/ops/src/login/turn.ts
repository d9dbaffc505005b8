import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEntry, appendRefusals } from '@liventix/domain/access/audit-repository';
import { giveBackLoginTry, takeLoginTry } from '@liventix/domain/access/login-delay-repository';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';

export type LoginDeps = Pick<Deps, 'db' | 'config' | 'log'>;

/**
 * Answers come at multiples of this after their try: how many accounts an address has, each of which
 * costs a hash of twenty milliseconds, who was known, and what was written down, do not show in the time.
 */
export const answeredEveryMs = 250;

/** Whose guesses are counted together, and what is looked at when it is their turn. */
export interface Turn<Found> {
  readonly who: {
    readonly email: string;
    readonly address: string;
    readonly known?: string | undefined;
  };
  /** Looks at what was given; undefined when it is wrong. */
  readonly look: () => Promise<Found | undefined>;
  /** The accounts that are looked at: nobody's has no log to stand in. */
  readonly entries: readonly AuditEntry[];
}

export interface Guess<Found> {
  /** At least one; the next has its turn when the one before was not right. */
  readonly turns: () => Promise<readonly Turn<Found>[]>;
  readonly refusal: {
    readonly code: 'login.failed' | 'login.code_wrong';
    readonly message: string;
    readonly way: 'password' | 'code' | 'current_password';
  };
}

/** What became of a turn: something was found, or a refusal, which is one of what was looked at or not. */
type Outcome<Found> =
  | { readonly found: Found }
  | { readonly refused: AppError; readonly isWrong: boolean };

/**
 * One guess at a password or a code. In each of its turns it is counted before it is looked at, and given back
 * when it is right, or there was no time to look. Wrong ones are written down. Nothing else looks at passwords
 * or codes.
 */
export async function takeTurns<Found>(
  deps: LoginDeps,
  { turns, refusal }: Guess<Found>,
): Promise<Found> {
  const startedMs = performance.now();
  const refused: AppError[] = [];
  for (const turn of await turns()) {
    const outcome = await take(deps, turn, refusal);
    if ('found' in outcome) {
      await untilNextBeat(startedMs);
      return outcome.found;
    }
    refused.push(outcome.refused);
    if (outcome.isWrong) {
      await writeDown(deps, turn, refusal);
    }
  }
  await untilNextBeat(startedMs);
  throw whyRefused(refused);
}

async function take<Found>(
  deps: LoginDeps,
  { who, look }: Turn<Found>,
  { code, message }: Guess<Found>['refusal'],
): Promise<Outcome<Found>> {
  const waitS = Math.ceil(await takeLoginTry(deps.db, who));
  if (waitS > 0) {
    return { refused: tooMany(waitS), isWrong: false };
  }
  try {
    const found = await look();
    if (found === undefined) {
      return { refused: new AppError(code, { message, retry: 'permanent' }), isWrong: true };
    }
    await giveBackLoginTry(deps.db, who);
    return { found };
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.code === 'login.busy')) {
      throw thrown;
    }
    await giveBackLoginTry(deps.db, who);
    return { refused: thrown, isWrong: false };
  }
}

async function untilNextBeat(startedMs: number): Promise<void> {
  await sleep(answeredEveryMs - ((performance.now() - startedMs) % answeredEveryMs));
}

function tooMany(waitS: number): AppError {
  return new AppError('login.too_many', {
    message: `Too many tries. Wait ${waitS} seconds and try again.`,
    retry: 'transient',
    details: { retryAfterS: waitS },
  });
}

/**
 * For the reason of the first turn, unless there was no time for another. Where one was wrong and another had to
 * wait, what was given may be right for that one.
 */
function whyRefused(refused: readonly AppError[]): AppError | undefined {
  const [first] = refused;
  const waiting = refused.find(({ code }) => code === 'login.too_many');
  const busy = refused.find(({ code }) => code === 'login.busy');
  if (busy !== undefined || first === undefined || waiting === undefined || waiting === first) {
    return busy ?? first;
  }
  const { retryAfterS } = waiting.details;
  return new AppError(first.code, {
    message: `${first.message} If your account is in another house, wait ${retryAfterS} seconds and try again.`,
    retry: first.retry,
  });
}

/** An account a row: which others were guessed at with it is told to no house. */
async function writeDown(
  deps: LoginDeps,
  { who, entries }: Turn<unknown>,
  { code, way }: Guess<unknown>['refusal'],
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    for (const entry of entries) {
      const alike = ['session.refused', way, who.email, entry.objectId];
      await appendRefusals(tx, { alike, entries: [entry] });
    }
  });
  deps.log.warn({ code, way }, 'somebody could not log in');
}
