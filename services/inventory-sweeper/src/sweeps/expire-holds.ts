import { setTimeout as sleep } from 'node:timers/promises';
import { giveBackClaims } from '@liventix/domain/codes/claims-repository';
import {
  endDueHoldsWithoutOrder,
  endHold,
  listDueHoldsWithOrder,
} from '@liventix/domain/inventory/ending-repository';
import { lockHold } from '@liventix/domain/inventory/repository';
import { lockOrder, markOrderEnded } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import type { CheckoutAttempt } from '@liventix/domain/payments';
import { closeAttempt, findOpenAttempt } from '@liventix/domain/payments/attempt-repository';
import { giveBackEscrow } from '@liventix/domain/wallets/escrow-repository';
import type { Database } from '@liventix/shared/db';
import { AppError, coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';
import { createCounter } from '@liventix/shared/telemetry/metrics';
import type { StripeClient } from '#payments/stripe-client';

export interface ExpireHoldsDeps {
  readonly db: Database;
  readonly log: Log;
  readonly stripe: StripeClient | undefined;
  /** So many payment pages are closed a second: Stripe limits what it is asked. */
  readonly pagesPerSecond: number;
}

const endedHolds = createCounter({
  name: 'holds_ended_total',
  help: 'Holds whose seats were freed, by why: expired, given_back.',
  label: 'why',
  values: ['expired', 'given_back'],
});

/** Holds freed by one statement. More would keep their tiers locked for buyers to feel. */
const batchSize = 1_000;

/** How long one run closes pages. The next run takes the rest. */
const closingS = 5;

/**
 * Frees the seats of holds whose time is over or that were given back. A hold that never went to
 * checkout ends at once; one with a payment page only after Stripe has closed the page.
 */
export async function expireHolds(deps: ExpireHoldsDeps): Promise<void> {
  for (const why of ['expired', 'givenBack'] as const) {
    const freed = await freeAll(deps, why);
    if (freed > 0) {
      deps.log.info({ freed, why }, 'holds ended');
    }
  }
  const { pagesPerSecond } = deps;
  const due = await listDueHoldsWithOrder(deps.db.pool, pagesPerSecond * closingS);
  await Promise.all(
    due.map(async (order, at) => {
      await sleep((at * 1_000) / pagesPerSecond);
      await lookAt(deps, order);
    }),
  );
}

async function lookAt(deps: ExpireHoldsDeps, due: DueOrder): Promise<void> {
  try {
    const outcome = await endOrder(deps, due);
    if (outcome === 'expired' || outcome === 'given_back') {
      endedHolds.inc({ why: outcome });
    }
    deps.log.info({ ...due, outcome }, 'order looked at for its end');
  } catch (error) {
    // One order that cannot be ended must not keep the others' seats.
    deps.log.warn({ ...due, err: coerceError(error) }, 'order could not be ended yet');
  }
}

async function freeAll(deps: ExpireHoldsDeps, why: 'expired' | 'givenBack'): Promise<number> {
  let freed = 0;
  for (let last = batchSize; last === batchSize; freed += last) {
    last = await deps.db.inTransaction(
      async (tx) => await endDueHoldsWithoutOrder(tx, { why, limit: batchSize }),
    );
    endedHolds.inc({ why: why === 'expired' ? 'expired' : 'given_back' }, last);
  }
  return freed;
}

type Ending = 'expired' | 'given_back' | 'kept' | 'paid';

interface DueOrder {
  readonly holdId: string;
  readonly orderId: string;
}

async function endOrder(deps: ExpireHoldsDeps, due: DueOrder): Promise<Ending> {
  const attempt = await findOpenAttempt(deps.db.pool, due.orderId);
  if (attempt === undefined) {
    return await release(deps, due, undefined);
  }
  if (attempt.isLeased && attempt.state === 'creating') {
    return 'kept';
  }
  const page = await endPage(deps, attempt);
  if (page.kind === 'complete') {
    const { sessionId } = page;
    await deps.db.inTransaction(async (tx) => {
      await enqueue(tx, 'order.settle', { orderId: due.orderId, sessionId });
    });
    return 'paid';
  }
  return page.kind === 'closed' ? await release(deps, due, attempt) : 'kept';
}

type PageOutcome =
  | { readonly kind: 'closed' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'complete'; readonly sessionId: string };

/**
 * Nobody may pay on the page once its seats are free. Without an answer from Stripe it stays, until
 * five minutes after the page's own end: from then on nobody can pay on it.
 */
async function endPage(deps: ExpireHoldsDeps, attempt: CheckoutAttempt): Promise<PageOutcome> {
  if (attempt.state === 'completed' && attempt.sessionId !== null) {
    return { kind: 'complete', sessionId: attempt.sessionId };
  }
  try {
    const stripe = deps.stripe;
    if (stripe === undefined) {
      throw new AppError('stripe.not_configured', {
        message: `Could not close the page of order ${attempt.orderId}: no Stripe key is set.`,
        retry: 'transient',
        dependency: true,
      });
    }
    const sessionId = attempt.sessionId ?? (await stripe.findPage(attempt.id, attempt.parameters));
    if (sessionId === undefined) {
      return { kind: 'closed' };
    }
    const end = await stripe.closePage(sessionId);
    return end === 'complete' ? { kind: 'complete', sessionId } : { kind: 'closed' };
  } catch (error) {
    if (error instanceof AppError && error.dependency) {
      return { kind: attempt.isBeyondPage ? 'closed' : 'unreachable' };
    }
    throw error;
  }
}

/** Locks the order first. Paid meanwhile, or another page opened meanwhile: nothing is freed. */
async function release(
  deps: ExpireHoldsDeps,
  due: DueOrder,
  closed: CheckoutAttempt | undefined,
): Promise<Ending> {
  return await deps.db.inTransaction(async (tx) => {
    const order = await lockOrder(tx, due.orderId);
    const hold = await lockHold(tx, due.holdId);
    const current = await findOpenAttempt(tx, due.orderId);
    if (order?.status !== 'pending' || hold === undefined || current?.id !== closed?.id) {
      return 'kept';
    }
    if (!(await endHold(tx, due.holdId))) {
      return 'kept';
    }
    if (closed !== undefined) {
      await closeAttempt(tx, { attemptId: closed.id, as: 'expired' });
    }
    await giveBackClaims(tx, due.orderId);
    await giveBackEscrow(tx, order);
    const as = hold.isGivenBack ? 'cancelled' : 'expired';
    await markOrderEnded(tx, { orderId: due.orderId, as });
    return hold.isGivenBack ? 'given_back' : 'expired';
  });
}
