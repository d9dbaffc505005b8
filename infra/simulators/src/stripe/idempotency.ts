import { isDeepStrictEqual } from 'node:util';
import { invalid, StripeRefusal } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A request under a key, as Stripe compares it with the first one under that key. */
interface KeyedRequest {
  readonly path: string;
  readonly params: unknown;
}

interface Kept extends KeyedRequest {
  readonly requestId: string;
  answer: Answer | undefined;
}

export interface Outcome extends Answer {
  /** Of a request with a key: the request that did the work, and whether that was another one. */
  readonly original?: { readonly requestId: string; readonly isReplay: boolean };
}

const keyLengthMax = 255;

/**
 * The first result under a key is kept and replayed, a stored 500 too. Other parameters under the
 * key are refused, and a request that comes while the first one runs is a conflict. What work
 * throws is not kept.
 */
export class IdempotencyKeys {
  readonly #kept = new Map<string, Kept>();

  async run(
    request: KeyedRequest & { readonly key: string | undefined; readonly requestId: string },
    work: () => Promise<Answer>,
  ): Promise<Outcome> {
    const { key, requestId, ...keyed } = request;
    if (key === undefined) {
      return await work();
    }
    if (key.length > keyLengthMax) {
      throw invalid(`Idempotency keys can be up to ${keyLengthMax} characters long.`);
    }
    const known = this.#kept.get(key);
    if (known !== undefined) {
      const original = { requestId: known.requestId, isReplay: true };
      return { ...replay(known, key, keyed), original };
    }
    const kept: Kept = { ...keyed, requestId, answer: undefined };
    this.#kept.set(key, kept);
    try {
      kept.answer = await work();
      return { ...kept.answer, original: { requestId, isReplay: false } };
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  /** As after a day: every key is new again. */
  forget(): void {
    this.#kept.clear();
  }
}

function replay(known: Kept, key: string, request: KeyedRequest): Answer {
  const isSamePath = known.path === request.path;
  if (!isSamePath || !isDeepStrictEqual(known.params, request.params)) {
    const rule = isSamePath
      ? 'with the same parameters they were first used with'
      : `for the same endpoint they were first used for ('${request.path}' vs '${known.path}')`;
    throw new StripeRefusal(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used ${rule}. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  if (known.answer === undefined) {
    throw new StripeRefusal(409, {
      type: 'invalid_request_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    });
  }
  return known.answer;
}
