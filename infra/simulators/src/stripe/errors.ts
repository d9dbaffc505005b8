/** A refusal in the form of Stripe's own errors. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
  /** Refused before anything ran: Stripe then keeps no result under the idempotency key. */
  readonly isBeforeRun: boolean;

  constructor(
    status: number,
    error: { type: string; message: string; code?: string; param?: string },
    isBeforeRun = true,
  ) {
    super(error.message);
    this.status = status;
    this.isBeforeRun = isBeforeRun;
    const docs = error.code && { doc_url: `https://stripe.com/docs/error-codes/${error.code}` };
    this.body = { error: { ...error, ...docs } };
  }
}

export function invalid(
  message: string,
  more: { code?: string; param?: string; status?: number } = {},
): StripeRefusal {
  const { status = 400, ...rest } = more;
  return new StripeRefusal(status, { type: 'invalid_request_error', message, ...rest });
}

export function missing(kind: string, id: string): StripeRefusal {
  return invalid(`No such ${kind}: '${id}'`, {
    code: 'resource_missing',
    param: 'id',
    status: 404,
  });
}
