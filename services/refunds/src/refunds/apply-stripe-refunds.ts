import { giveBackClaims } from '@liventix/domain/codes/claims-repository';
import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { lockInventory } from '@liventix/domain/inventory/repository';
import type { Order } from '@liventix/domain/orders';
import { lockOrder } from '@liventix/domain/orders/repository';
import { movesOn, type Refund, statusOfStripe } from '@liventix/domain/refunds';
import {
  advanceRefund,
  endUnmadeRefund,
  findPaymentOfIntent,
  insertRefund,
  listPaymentRefunds,
  listRefundableTickets,
  lockPayment,
  type RefundablePayment,
  recountRefunds,
  refundTickets,
  reviseRefund,
} from '@liventix/domain/refunds/repository';
import type { StripeRefund } from '@liventix/domain/refunds/stripe-refund';
import {
  lockPaymentIntent,
  storeStripeRefunds,
} from '@liventix/domain/refunds/stripe-refund-repository';
import type { Transaction } from '@liventix/shared/db';

interface Books {
  readonly order: Order;
  readonly payment: RefundablePayment;
}

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
  const tierIds = order.items.map(({ tierId }) => tierId).toSorted();
  await lockInventory(tx, order.eventId, tierIds);
  const payment = await lockPayment(tx, { paymentId: known.id });
  const books = { order, payment: payment ?? known };
  const refunds = await listPaymentRefunds(tx, known.id);
  for (const one of found) {
    const ours = refunds.find(({ id, stripeRefundId }) =>
      stripeRefundId === null ? id === one.refundId : stripeRefundId === one.id,
    );
    if (ours === undefined) {
      await takeIn(tx, { books, found: one, all: found });
    } else {
      await moveOn(tx, { refund: ours, found: one });
    }
  }
  await shrinkOurs(tx, books.payment);
  await recountRefunds(tx, known.id);
  return 'applied';
}

async function moveOn(
  tx: Transaction,
  { refund, found }: { readonly refund: Refund; readonly found: StripeRefund },
): Promise<void> {
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
  if (isNew && to === 'succeeded' && refund.kind === 'disposition') {
    await resolveIncidentsOf(tx, { objectType: 'payment', objectId: refund.paymentId });
  }
}

/** A refund that was made at Stripe. Of all the money it is of all the tickets; else a person says. */
async function takeIn(
  tx: Transaction,
  input: {
    readonly books: Books;
    readonly found: StripeRefund;
    readonly all: readonly StripeRefund[];
  },
): Promise<void> {
  const { books, found, all } = input;
  const { order, payment } = books;
  const status = statusOfStripe(found.status);
  const refundId = await insertRefund(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    paymentId: payment.id,
    kind: 'external',
    status,
    amountCents: found.amountCents,
    currency: payment.currency,
    reason: 'made at Stripe',
    stripeRefundId: found.id,
  });
  const isGiven = status === 'submitted' || status === 'succeeded';
  if (!isGiven || payment.disposition !== 'tickets') {
    return;
  }
  const given = all
    .filter((one) => ['submitted', 'succeeded'].includes(statusOfStripe(one.status)))
    .reduce((sum, one) => sum + one.amountCents, 0);
  if (given >= payment.amountCents) {
    const tickets = await listRefundableTickets(tx, {
      orderId: order.id,
      currency: order.currency,
    });
    const live = tickets.filter((ticket) => ['valid', 'suspended'].includes(ticket.status));
    await giveBackClaims(tx, order.id);
    await refundTickets(tx, { refundId, tickets: live });
    return;
  }
  await openIncident(tx, {
    organizationId: order.organizationId,
    kind: 'refund.external_partial',
    objectType: 'refund',
    objectId: refundId,
    message:
      'A part of this order was refunded in the Dashboard. Say which tickets it was for, or that it was for none.',
    details: { orderId: order.id, stripeRefundId: found.id },
  });
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
    if (amountCents === 0) {
      const failure = 'All of it was given back at Stripe already.';
      await endUnmadeRefund(tx, { refundId: refund.id, as: 'cancelled', failure });
    } else if (amountCents < refund.amountCents) {
      await reviseRefund(tx, { refundId: refund.id, amountCents });
    }
  }
}
