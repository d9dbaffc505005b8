import { isDeepStrictEqual } from 'node:util';
import { ResendRefusal } from './refusal.ts';

/** Resend forgets a key after a day (resend.com/docs/dashboard/emails/idempotency-keys). */
const keptMs = 24 * 3_600_000;

interface Kept {
  readonly body: unknown;
  readonly answer: Promise<unknown>;
  readonly since: number;
  isInFlight: boolean;
}

/** Keys and what they were answered with. */
export class IdempotencyKeys {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Does the work once for a key. What was refused is not kept. */
  async once<T>(key: string | undefined, body: unknown, work: () => Promise<T>): Promise<T> {
    if (key === undefined) {
      return await work();
    }
    if (key.length > 256) {
      throw new ResendRefusal(
        400,
        'invalid_idempotency_key',
        'The key must be between 1-256 chars.',
      );
    }
    const known = this.#kept.get(key);
    if (known !== undefined && this.#now() - known.since < keptMs) {
      return (await replay(known, body)) as T;
    }
    const kept: Kept = { body, answer: work(), since: this.#now(), isInFlight: true };
    this.#kept.set(key, kept);
    try {
      return (await kept.answer) as T;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    } finally {
      kept.isInFlight = false;
    }
  }
}

async function replay(known: Kept, body: unknown): Promise<unknown> {
  if (!isDeepStrictEqual(known.body, body)) {
    throw new ResendRefusal(
      409,
      'invalid_idempotent_request',
      'This idempotency key has been used before with a different payload.',
    );
  }
  if (known.isInFlight) {
    throw new ResendRefusal(
      409,
      'concurrent_idempotent_requests',
      'The original request is still in progress.',
    );
  }
  return await known.answer;
}
