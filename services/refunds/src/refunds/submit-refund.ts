import { openIncident } from '@liventix/domain/incidents/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import { keyHasLived, type Refund, refundKey } from '@liventix/domain/refunds';
import {
  lockPayment,
  recountRefunds,
} from '@liventix/domain/refunds/refundable-payment-repository';
import {
  endUnmadeRefund,
  findRefund,
  markRefundCalled,
  reviseRefund,
} from '@liventix/domain/refunds/repository';
import type { StripeRefund } from '@liventix/domain/refunds/stripe-refund';
import { AppError } from '@liventix/shared/errors';
import { withRedisLock } from '@liventix/shared/locks/redis-lock';
import type { Deps } from '#deps';
import { applyStripeRefunds } from '#refunds/apply-stripe-refunds';
import { paymentLock } from '#refunds/payment-lock';

/**
 * Asks Stripe for a refund that is requested, once: the same key and amount however often this runs.
 * Where a key can no longer be trusted Stripe is asked what it has before another one is used.
 */
export async function submitRefund(deps: Deps, messageId: string, refundId: string): Promise<void> {
  const refund = await findRefund(deps.db.pool, refundId);
  if (refund === undefined) {
    throw new AppError('refund.not_found', {
      message: `There is no refund ${refundId}.`,
      retry: 'permanent',
    });
  }
  await withRedisLock(paymentLock(deps, refund.paymentId), async () => {
    const due = await readyToAsk(deps, refundId);
    const outcome = due === undefined ? 'done' : await ask(deps, due);
    await deps.db.inTransaction(async (tx) => await markMessageDone(tx, messageId));
    deps.log.info({ refundId, orderId: refund.orderId, messageId, outcome }, 'refund submitted');
  });
}

interface Due {
  readonly refund: Refund;
  readonly paymentIntentId: string;
}

/** The refund as it must be asked for now; undefined when there is nothing to ask. */
async function readyToAsk(deps: Deps, refundId: string): Promise<Due | undefined> {
  const found = await readDue(deps, refundId);
  if (found === undefined || !keyHasLived(found.refund)) {
    return found;
  }
  return await underAnotherKey(deps, found);
}

async function readDue(deps: Deps, refundId: string): Promise<Due | undefined> {
  const refund = await findRefund(deps.db.pool, refundId);
  if (refund?.status !== 'requested') {
    return undefined;
  }
  const payment = await deps.db.inTransaction(
    async (tx) => await lockPayment(tx, { paymentId: refund.paymentId }),
  );
  if (payment?.provider !== 'stripe') {
    throw new AppError('refund.not_at_stripe', {
      message: `Refund ${refundId} is of a payment that Stripe does not have.`,
      retry: 'permanent',
    });
  }
  return { refund, paymentIntentId: payment.paymentIntentId };
}

/** Looks whether Stripe has the refund under the old key. Only what it does not have is asked anew. */
async function underAnotherKey(deps: Deps, due: Due): Promise<Due | undefined> {
  await applyWhatStripeHas(deps, due);
  const still = await readDue(deps, due.refund.id);
  if (still === undefined || still.refund.attempt !== due.refund.attempt) {
    return still;
  }
  const { id: refundId, amountCents } = still.refund;
  await deps.db.inTransaction(async (tx) => await reviseRefund(tx, { refundId, amountCents }));
  return await readDue(deps, refundId);
}

async function applyWhatStripeHas(deps: Deps, { paymentIntentId }: Due): Promise<void> {
  const found = await deps.stripe.listRefunds(paymentIntentId);
  await deps.db.inTransaction(async (tx) => await applyStripeRefunds(tx, paymentIntentId, found));
}

async function ask(deps: Deps, due: Due): Promise<string> {
  const { refund, paymentIntentId } = due;
  await markRefundCalled(deps.db.pool, refund.id);
  let made: StripeRefund;
  try {
    made = await deps.stripe.createRefund({
      key: refundKey(refund),
      refundId: refund.id,
      orderId: refund.orderId,
      paymentIntentId,
      amountCents: refund.amountCents,
    });
  } catch (error) {
    return await afterRefusal(deps, due, error);
  }
  await deps.db.inTransaction(async (tx) => await applyStripeRefunds(tx, paymentIntentId, [made]));
  return made.status;
}

/**
 * Stripe says no: mostly since somebody refunded in the Dashboard meanwhile, which is read and makes
 * ours smaller. What is refused all the same needs a person.
 */
async function afterRefusal(deps: Deps, due: Due, error: unknown): Promise<string> {
  if (!(error instanceof AppError)) {
    throw error;
  }
  if (error.code === 'refund.answer_lost') {
    const again = await underAnotherKey(deps, due);
    return again === undefined ? 'made all the same' : await ask(deps, again);
  }
  if (error.code !== 'stripe.refused') {
    throw error;
  }
  await applyWhatStripeHas(deps, due);
  const still = await readDue(deps, due.refund.id);
  if (still === undefined) {
    return 'given back at Stripe';
  }
  if (still.refund.attempt !== due.refund.attempt) {
    return await ask(deps, still);
  }
  await deps.db.inTransaction(async (tx) => {
    const { id: refundId, paymentId, orderId, organizationId } = still.refund;
    await lockPayment(tx, { paymentId });
    if (await endUnmadeRefund(tx, { refundId, as: 'failed', failure: error.message })) {
      await recountRefunds(tx, paymentId);
      await openIncident(tx, {
        organizationId,
        kind: 'refund.refused',
        objectType: 'refund',
        objectId: refundId,
        message: 'Stripe refuses this refund. The money is owed: mend the cause and retry it.',
        details: { orderId, paymentId, refusal: error.message },
      });
    }
  });
  return 'refused';
}
