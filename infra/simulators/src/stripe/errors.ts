interface StripeError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
}

/** A refusal in the form of Stripe's own errors. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly error: StripeError & { readonly doc_url?: string };
  /** The call had begun: Stripe keeps its result under the idempotency key and replays it. */
  readonly isStored: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    error: StripeError,
    how: { readonly isStored?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(error.message);
    this.status = status;
    this.isStored = how.isStored ?? false;
    this.headers = how.headers ?? {};
    // The page of a code has hyphens where the code has underscores.
    const page = error.code?.replaceAll('_', '-');
    this.error =
      page === undefined
        ? error
        : { ...error, doc_url: `https://stripe.com/docs/error-codes/${page}` };
  }
}

export function invalid(
  message: string,
  more: { code?: string; param?: string; status?: number; isStored?: boolean } = {},
): StripeRefusal {
  const { status = 400, isStored = false, ...rest } = more;
  return new StripeRefusal(
    status,
    { type: 'invalid_request_error', message, ...rest },
    { isStored },
  );
}

export function missing(kind: string, id: string): StripeRefusal {
  return invalid(`No such ${kind}: '${id}'`, {
    code: 'resource_missing',
    param: 'id',
    status: 404,
  });
}

/** Too many requests; the reason is one of those docs.stripe.com/rate-limits lists. */
export function rateLimited(reason: 'global-rate' | 'endpoint-rate'): StripeRefusal {
  return new StripeRefusal(
    429,
    {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message:
        'Request rate limit exceeded. Learn more about rate limits here: https://stripe.com/docs/rate-limits.',
    },
    { headers: { 'stripe-rate-limited-reason': reason } },
  );
}

/** Another request holds the object. The one 429 that the SDK tries again, for the header says so. */
export function lockTimeout(): StripeRefusal {
  return new StripeRefusal(
    429,
    {
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message:
        'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request.',
    },
    { headers: { 'stripe-should-retry': 'true' } },
  );
}

/** Something broke within Stripe after the call had begun: that answer stays under its key. */
export function brokenWithin(): StripeRefusal {
  return new StripeRefusal(
    500,
    { type: 'api_error', message: 'An unexpected error occurred.' },
    { isStored: true },
  );
}

export function refuse(refusal: StripeRefusal): never {
  throw refusal;
}
