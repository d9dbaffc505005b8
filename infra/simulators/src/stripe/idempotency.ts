import { isDeepStrictEqual } from 'node:util';
import { StripeRefusal } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Kept {
  readonly path: string;
  readonly params: unknown;
  answer: Answer | undefined;
}

/**
 * The first result under a key is kept and replayed, a stored 500 too. Other parameters under the
 * key are refused, and a request that comes while the first one runs is a conflict.
 */
export class IdempotencyKeys {
  readonly #kept = new Map<string, Kept>();

  async run(
    request: { readonly key: string | undefined; readonly path: string; readonly params: unknown },
    work: () => Promise<Answer>,
  ): Promise<Answer & { readonly isReplay: boolean }> {
    const { key, path, params } = request;
    if (key === undefined) {
      return { ...(await work()), isReplay: false };
    }
    const known = this.#kept.get(key);
    if (known !== undefined) {
      return { ...replay(known, key, { path, params }), isReplay: true };
    }
    const kept: Kept = { path, params, answer: undefined };
    this.#kept.set(key, kept);
    try {
      kept.answer = await work();
      return { ...kept.answer, isReplay: false };
    } catch (error) {
      if (error instanceof StripeRefusal && !error.isBeforeRun) {
        kept.answer = { status: error.status, body: error.body };
      } else {
        this.#kept.delete(key);
      }
      throw error;
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}

function replay(
  known: Kept,
  key: string,
  request: { readonly path: string; readonly params: unknown },
): Answer {
  if (known.path !== request.path || !isDeepStrictEqual(known.params, request.params)) {
    throw new StripeRefusal(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  if (known.answer === undefined) {
    throw new StripeRefusal(409, {
      type: 'invalid_request_error',
      code: 'idempotency_key_in_use',
      message:
        'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through).',
    });
  }
  return known.answer;
}
