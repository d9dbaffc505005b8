import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** How the provider behaves from now on. All off: a fine day. */
export const weatherSchema = z.strictObject({
  latency_ms: z.number().min(0).max(120_000).default(0),
  /** Stripe only: the work is done at once and the answer comes so much later. */
  answer_delay_ms: z.number().min(0).max(120_000).default(0),
  error_rate: z.number().min(0).max(1).default(0),
  /** The work is done and the answer never comes. */
  timeout_after_success_rate: z.number().min(0).max(1).default(0),
  rate_limit_per_s: z.number().min(0).optional(),
  /** Nothing answers but 503. */
  down: z.boolean().default(false),
  /** Resend only: every mail is refused so. */
  refuse_mails: z
    .enum([
      'daily_quota_exceeded',
      'monthly_quota_exceeded',
      'restricted_api_key',
      'suspended_api_key',
      'validation_error',
    ])
    .optional(),
  webhooks: z
    .strictObject({
      drop_rate: z.number().min(0).max(1).default(0),
      duplicates: z.int().min(0).max(50).default(0),
      delay_ms: z.number().min(0).max(600_000).default(0),
      reorder: z.boolean().default(false),
    })
    .default({ drop_rate: 0, duplicates: 0, delay_ms: 0, reorder: false }),
});
export type Weather = z.output<typeof weatherSchema>;

export const fineDay: Weather = weatherSchema.parse({});

/** True with this probability. */
export function strikes(rate: number): boolean {
  return rate > 0 && Math.random() < rate;
}

export async function waitLatency(weather: Weather): Promise<void> {
  if (weather.latency_ms > 0) {
    await sleep(weather.latency_ms);
  }
}

/** A bucket of so many requests a second; 0 or undefined is no limit. */
export class TokenBucket {
  #tokens: number;
  #filledAt = performance.now();
  readonly #perSecond: number;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  /** Whole requests that would be let in now. */
  get left(): number {
    return Math.floor(this.#tokens);
  }

  take(): boolean {
    if (this.#perSecond === 0) {
      return true;
    }
    const now = performance.now();
    const refill = ((now - this.#filledAt) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + refill);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
