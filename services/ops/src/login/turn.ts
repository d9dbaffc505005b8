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

/**
 * One guess at a password or a code. In each of its turns it is counted before it is looked at, given back
 * when there was no time to look, and forgotten when it is right. Wrong in all of them, it is written down,
 * and refused for the reason of the first. Nothing else looks at passwords or codes.
 */
export async function takeTurns<Found>(
  deps: LoginDeps,
  { turns, refusal }: Guess<Found>,
): Promise<Found> {
  const startedMs = performance.now();
  const refused: AppError[] = [];
  const lookedAt: Turn<Found>[] = [];
  for (const turn of await turns()) {
    const waitS = Math.ceil(await takeLoginTry(deps.db, turn.who));
    if (waitS > 0) {
      refused.push(tooMany(waitS));
      continue;
    }
    const found = await lookInTime(deps, turn);
    if (found !== undefined) {
      await forgetLoginTries(deps.db, turn.who);
      await untilNextBeat(startedMs);
      return found;
    }
    lookedAt.push(turn);
    refused.push(new AppError(refusal.code, { message: refusal.message, retry: 'permanent' }));
  }
  if (lookedAt.length > 0) {
    await writeDown(deps, lookedAt, refusal);
  }
  await untilNextBeat(startedMs);
  throw refused[0];
}

async function lookInTime<Found>(deps: LoginDeps, turn: Turn<Found>): Promise<Found | undefined> {
  try {
    return await turn.look();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'login.busy') {
      await giveBackLoginTry(deps.db, turn.who);
    }
    throw thrown;
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

async function writeDown(
  deps: LoginDeps,
  turns: readonly Turn<unknown>[],
  { code, way }: Guess<unknown>['refusal'],
): Promise<void> {
  const entries = turns.flatMap((turn) => turn.entries);
  const accounts = entries.map(({ objectId }) => objectId);
  const emails = turns.map(({ who }) => who.email);
  await deps.db.inTransaction(
    async (tx) =>
      await appendRefusals(tx, {
        alike: ['session.refused', way, ...new Set(emails), ...accounts],
        entries,
      }),
  );
  deps.log.warn({ code, way }, 'somebody could not log in');
}
