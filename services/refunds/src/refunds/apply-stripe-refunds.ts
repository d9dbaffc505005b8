import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { lockInventory } from '@liventix/domain/inventory/repository';
import { refundCorrected } from '@liventix/domain/ledger';
import { post } from '@liventix/domain/ledger/repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import { movesOn, type Refund, statusOfStripe } from '@liventix/domain/refunds';
import {
  findPaymentOfIntent,
  lockPayment,
  type RefundablePayment,
  recountRefunds,
} from '@liventix/domain/refunds/refundable-payment-repository';
import {
  advanceRefund,
  endUnmadeRefund,
  listPaymentRefunds,
  reviseRefund,
} from '@liventix/domain/refunds/repository';
import type { StripeRefund } from '@liventix/domain/refunds/stripe-refund';
import {
  lockPaymentIntent,
  storeStripeRefunds,
} from '@liventix/domain/refunds/stripe-refund-repository';
import type { Transaction } from '@liventix/shared/db';
import { bookRefund, tellRefund } from '#refunds/book-refund';
import { endTicketsGivenBack, type TakenIn, takeInRefund } from '#refunds/external-refund';

/**
 * Records what Stripe has of a PaymentIntent's refunds: ours are moved along, those that somebody
 * made without us are taken in, and what of ours no longer fits beside them shrinks. Facts of a
 * payment that is not settled yet are kept, and settling asks for them.
 */
export async function applyStripeRefunds(
  tx: Transaction,
  paymentIntentId: string,
  found: readonly StripeRefund[],
): Promise<'applied' | 'payment_unknown'> {
  await lockPaymentIntent(tx, paymentIntentId);
  await storeStripeRefunds(tx, paymentIntentId, found);
  const known = await findPaymentOfIntent(tx, paymentIntentId);
  if (known === undefined) {
    return 'payment_unknown';
  }
  const order = await lockOrder(tx, known.orderId);
  if (order === undefined) {
    throw new Error(`order ${known.orderId} vanished, though orders are never deleted`);
  }
  // Under the order's lock, which everybody holds who adds a refund.
  const refunds = await listPaymentRefunds(tx, known.id);
  if (mayEndTickets(refunds, found)) {
    const tierIds = order.items.map(({ tierId }) => tierId).toSorted();
    await lockInventory(tx, order.eventId, tierIds);
  }
  const payment = await lockPayment(tx, { paymentId: known.id });
  const books = { order, payment: payment ?? known };
  const taken: TakenIn[] = [];
  for (const one of found) {
    const ours = oursOf(refunds, one);
    if (ours === undefined) {
      taken.push(await takeInRefund(tx, { books, found: one }));
    } else {
      await moveOn(tx, { payment: books.payment, refund: ours, found: one });
    }
  }
  await endTicketsGivenBack(tx, { books, taken });
  for (const { refundId, status } of taken) {
    await tellRefund(tx, refundId, status);
  }
  await shrinkOurs(tx, books.payment);
  await recountRefunds(tx, known.id);
  return 'applied';
}

function oursOf(refunds: readonly Refund[], found: StripeRefund): Refund | undefined {
  return refunds.find(({ id, stripeRefundId }) =>
    stripeRefundId === null ? id === found.refundId : stripeRefundId === found.id,
  );
}

/**
 * Our own refunds ended their tickets when they were requested. Only what somebody gave back without us
 * ends some now, and only then the tiers are locked, which every sale of the event waits for.
 */
function mayEndTickets(refunds: readonly Refund[], found: readonly StripeRefund[]): boolean {
  return (
    refunds.some(({ kind }) => kind === 'external') ||
    found.some((one) => oursOf(refunds, one) === undefined)
  );
}

async function moveOn(
  tx: Transaction,
  report: {
    readonly payment: RefundablePayment;
    readonly refund: Refund;
    readonly found: StripeRefund;
  },
): Promise<void> {
  const { payment, refund, found } = report;
  const to = statusOfStripe(found.status);
  if (!movesOn(refund.status, to)) {
    return;
  }
  const isNew = await advanceRefund(tx, {
    refundId: refund.id,
    from: refund.status,
    to,
    stripeRefundId: found.id,
    amountCents: found.amountCents,
    failure: found.failureReason,
  });
  if (isNew) {
    await bookRefund(tx, { payment, refund, to, amountCents: found.amountCents });
    await tellRefund(tx, refund.id, to);
  }
  if (isNew && to === 'failed') {
    await openIncident(tx, {
      organizationId: refund.organizationId,
      kind: 'refund.failed',
      objectType: 'refund',
      objectId: refund.id,
      message:
        'Stripe could not give this money back, and it is owed again. Ask the buyer for another way, or retry it.',
      details: { orderId: refund.orderId, stripeRefundId: found.id, reason: found.failureReason },
    });
  }
  // Also when it had failed first: what is asked for again is a refund of its own.
  if (isNew && to === 'succeeded' && payment.disposition === 'refund') {
    await resolveIncidentsOf(tx, { objectType: 'payment', objectId: refund.paymentId });
  }
}

/** What we still mean to give back is never more than what is left beside Stripe's facts. */
async function shrinkOurs(tx: Transaction, payment: RefundablePayment): Promise<void> {
  const refunds = await listPaymentRefunds(tx, payment.id);
  const sum = (statuses: readonly string[]) =>
    refunds
      .filter(({ status }) => statuses.includes(status))
      .reduce((total, { amountCents }) => total + amountCents, 0);
  let left = Math.max(0, payment.amountCents - sum(['submitted', 'succeeded']));
  for (const refund of refunds.filter(({ status }) => status === 'requested')) {
    const amountCents = Math.min(refund.amountCents, left);
    left -= amountCents;
    if (amountCents === refund.amountCents) {
      continue;
    }
    if (amountCents === 0) {
      const failure = 'All of it was given back at Stripe already.';
      await endUnmadeRefund(tx, { refundId: refund.id, as: 'cancelled', failure });
    } else {
      await reviseRefund(tx, { refundId: refund.id, amountCents });
    }
    if (payment.wasForTickets) {
      const { id: refundId, attempt, currency } = refund;
      const less = amountCents - refund.amountCents;
      const { organizationId, eventId, orderId } = payment;
      const cut = refundCorrected({
        refundId,
        amountCents: less,
        currency,
        step: `cut-${attempt}`,
      });
      await post(tx, [{ ...cut, owner: { organizationId, eventId, orderId } }]);
    }
  }
}
