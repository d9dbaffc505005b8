import { z } from 'zod';
import { brokenWithin, lockTimeout, rateLimited, type StripeRefusal } from './errors.ts';

export const planBody = z.strictObject({
  kind: z.enum(['api_error', 'lock_timeout', 'rate_limit']),
  times: z.int().min(1).max(1_000).default(1),
  /** Only calls that begin so, as in `POST /v1/checkout/sessions`; any without it. */
  on: z.string().default(''),
  /** An `api_error` after the work was done, and not instead of it. */
  has_effect: z.boolean().default(false),
});
type Plan = z.output<typeof planBody>;

export interface PlannedRefusal {
  readonly refusal: StripeRefusal;
  readonly hasEffect: boolean;
}

/** Refusals that a test ordered for the next calls, each so many times. */
export class PlannedRefusals {
  #plans: Plan[] = [];

  add(plan: Plan): void {
    this.#plans.push({ ...plan });
  }

  clear(): void {
    this.#plans = [];
  }

  /** What this call must be refused with; it is used up by asking. */
  next(call: string): PlannedRefusal | undefined {
    const plan = this.#plans.find(({ on }) => call.startsWith(on));
    if (plan === undefined) {
      return undefined;
    }
    plan.times -= 1;
    this.#plans = this.#plans.filter(({ times }) => times > 0);
    return { refusal: refusalOf(plan.kind), hasEffect: plan.has_effect };
  }
}

function refusalOf(kind: Plan['kind']): StripeRefusal {
  switch (kind) {
    case 'api_error':
      return brokenWithin();
    case 'lock_timeout':
      return lockTimeout();
    case 'rate_limit':
      return rateLimited('endpoint-rate');
    default:
      return kind satisfies never;
  }
}
