import type { Deps } from '#deps';

/** One at a time asks Stripe about a payment. It only saves work: Postgres keeps it correct. */
export function paymentLock(deps: Pick<Deps, 'locks'>, paymentId: string) {
  const options = { ttlMs: 2_000, waitMs: 3_000 };
  return { redis: deps.locks, key: `payment/${paymentId}`, options };
}
