import type { JobPayload } from '@liventix/contracts/jobs';
import { findStripeEvent, markStripeEventProcessed } from '@liventix/domain/inbox/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import { findPaymentOfIntent } from '@liventix/domain/refunds/refundable-payment-repository';
import { saysNews } from '@liventix/domain/refunds/stripe-refund';
import { listReadRefunds } from '@liventix/domain/refunds/stripe-refund-repository';
import type { Transaction } from '@liventix/shared/db';
import { withRedisLock } from '@liventix/shared/locks/redis-lock';
import { z } from 'zod';
import type { Deps } from '#deps';
import { applyStripeRefunds } from '#refunds/apply-stripe-refunds';
import { paymentLock } from '#refunds/payment-lock';

type Cause = JobPayload<'refund.sync'>;

/**
 * Makes our refunds of a PaymentIntent agree with Stripe's, which are read as they are now: what an
 * event says of a refund may be old, and events come in any order. One that tells nothing new, as most
 * do of refunds that we made ourselves, costs no call.
 */
export async function syncRefunds(deps: Deps, messageId: string, cause: Cause): Promise<void> {
  const { paymentIntentId } = cause;
  const payment = await findPaymentOfIntent(deps.db.pool, paymentIntentId);
  const sync = async () => await syncNow(deps, messageId, cause);
  // Whoever asks for a refund of it at this moment will have read what the event tells.
  const outcome = await (payment === undefined
    ? sync()
    : withRedisLock(paymentLock(deps, payment.id), sync));
  deps.log.info({ paymentIntentId, messageId, outcome }, 'refunds read');
}

async function syncNow(deps: Deps, messageId: string, cause: Cause): Promise<string> {
  const { paymentIntentId } = cause;
  if (!(await tellsNews(deps, cause))) {
    await deps.db.inTransaction(async (tx) => await close(tx, messageId, cause));
    return 'known';
  }
  const found = await deps.stripe.listRefunds(paymentIntentId);
  return await deps.db.inTransaction(async (tx) => {
    await close(tx, messageId, cause);
    return await applyStripeRefunds(tx, paymentIntentId, found);
  });
}

async function close(tx: Transaction, messageId: string, { eventId }: Cause): Promise<void> {
  await markMessageDone(tx, messageId);
  if (eventId !== undefined) {
    await markStripeEventProcessed(tx, eventId);
  }
}

const storedEvent = z.object({ data: z.object({ object: z.unknown() }) });

/** Without an event somebody wants to know: that is news. */
async function tellsNews(deps: Deps, { paymentIntentId, eventId }: Cause): Promise<boolean> {
  if (eventId === undefined) {
    return true;
  }
  const event = await findStripeEvent(deps.db.pool, eventId);
  const stored = storedEvent.safeParse(event?.payload);
  return (
    !stored.success ||
    saysNews(stored.data.data.object, await listReadRefunds(deps.db.pool, paymentIntentId))
  );
}
