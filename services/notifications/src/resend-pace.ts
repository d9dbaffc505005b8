import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@liventix/shared/errors';

/** What Resend allows a team unless it says otherwise (resend.com/docs/api-reference/rate-limit). */
const usualPerSecond = 5;

/** A job keeps its place for as long; for longer the queue has it back. */
const patienceMs = 2_000;

/** Keeps calls to what the provider said that it takes. */
export interface Pace {
  /** Calls a second, as of the last answer. */
  readonly perSecond: number;
  /** Waits until a call is allowed. `resend.unavailable` when that is not soon. */
  ready(): Promise<void>;
  /** Reads `ratelimit-*` and `retry-after` of an answer. */
  heed(headers: Readonly<Record<string, string>> | null): void;
}

/**
 * All workers of a team share its limit, and each answer says what is left of it: so each keeps to it
 * by what it last heard, and a call that is too many nevertheless comes back with the time to wait.
 */
export function createPace(now: () => number = Date.now): Pace {
  let perSecond = usualPerSecond;
  let closedUntil = 0;
  return {
    get perSecond() {
      return perSecond;
    },
    ready: async () => {
      const waitMs = closedUntil - now();
      if (waitMs > patienceMs) {
        throw new AppError('resend.unavailable', {
          message: 'Resend takes no more mails for now.',
          retry: 'transient',
          dependency: true,
          details: { name: 'rate_limit_exceeded', retryAfterMs: waitMs * (1 + Math.random()) },
        });
      }
      if (waitMs > 0) {
        await sleep(waitMs);
      }
    },
    heed: (headers) => {
      const limit = Number(headers?.['ratelimit-limit']);
      const windowS = Number(/w=(\d+)/.exec(headers?.['ratelimit-policy'] ?? '')?.[1] ?? 1);
      if (limit > 0 && windowS > 0) {
        perSecond = limit / windowS;
        closeFor(headers?.['ratelimit-remaining'] === '0' ? headers['ratelimit-reset'] : undefined);
      }
      closeFor(headers?.['retry-after']);
    },
  };

  function closeFor(seconds: string | undefined): void {
    const ms = Number(seconds) * 1_000;
    if (ms > 0) {
      closedUntil = Math.max(closedUntil, now() + ms);
    }
  }
}
