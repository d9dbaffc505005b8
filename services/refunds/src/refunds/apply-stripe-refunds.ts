import { giveBackClaims } from '@liventix/domain/codes/claims-repository';
import { oweRefundMail } from '@liventix/domain/emails/money-mail-repository';
import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { lockInventory } from '@liventix/domain/inventory/repository';
import {
  refundBounced,
  refundCorrected,
  refundMade,
  refundRequested,
} from '@liventix/domain/ledger';
import { post } from '@liventix/domain/ledger/repository';
import type { Order } from '@liventix/domain/orders';
import { lockOrder } from '@liventix/domain/orders/repository';
import { movesOn, type Refund, type RefundStatus, statusOfStripe } from '@liventix/domain/refunds';
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
      await moveOn(tx, { payment: books.payment, refund: ours, found: one });
    }
  }
  await shrinkOurs(tx, books.payment);
  await recountRefunds(tx, known.id);
  return 'applied';
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
    await postMove(tx, { payment, refund, to, amountCents: found.amountCents });
    await oweNews(tx, refund.id, to);
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
  if (isNew && to === 'succeeded' && refund.kind === 'disposition') {
    await resolveIncidentsOf(tx, { objectType: 'payment', objectId: refund.paymentId });
  }
}

/** The buyer hears that their money is back, or is not. */
async function oweNews(tx: Transaction, refundId: string, to: RefundStatus): Promise<void> {
  if (to === 'succeeded' || to === 'failed') {
    await oweRefundMail(tx, { refundId, kind: to === 'failed' ? 'refund_failed' : 'refund_made' });
  }
}

/** What a refund that moved on means for the books. A debt that stays a debt is no move of money. */
async function postMove(
  tx: Transaction,
  move: {
    readonly payment: RefundablePayment;
    readonly refund: Pick<Refund, 'id' | 'status' | 'amountCents'>;
    readonly to: RefundStatus;
    readonly amountCents: number;
  },
): Promise<void> {
  const { payment, refund, to, amountCents } = move;
  const { currency, organizationId, eventId, orderId } = payment;
  const owner = { organizationId, eventId, orderId };
  const refundId = refund.id;
  const more = amountCents - refund.amountCents;
  if (more !== 0 && payment.disposition === 'tickets') {
    const step = 'made';
    const corrected = refundCorrected({ refundId, amountCents: more, currency, step });
    await post(tx, [{ ...corrected, owner }]);
  }
  if (to === 'succeeded') {
    await post(tx, [{ ...refundMade({ refundId, amountCents, currency }), owner }]);
  } else if (to === 'failed' && refund.status === 'succeeded') {
    await post(tx, [{ ...refundBounced({ refundId, amountCents, currency }), owner }]);
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
  if (status !== 'submitted' && status !== 'succeeded') {
    return;
  }
  const given = all
    .filter((one) => ['submitted', 'succeeded'].includes(statusOfStripe(one.status)))
    .reduce((sum, one) => sum + one.amountCents, 0);
  const ofAll = payment.disposition === 'tickets' && given >= payment.amountCents;
  const ticketsCents = ofAll ? await endAllTickets(tx, { order, refundId }) : 0;
  const { amountCents } = found;
  const { currency, organizationId, eventId, orderId, disposition } = payment;
  if (disposition !== 'refund') {
    // Of a payment that became no tickets it was owed from the start.
    const rest = disposition === 'review' ? 'in_review' : 'goodwill';
    const debt = refundRequested({ refundId, amountCents, currency, ticketsCents, rest });
    await post(tx, [{ ...debt, owner: { organizationId, eventId, orderId } }]);
  }
  const refund = { id: refundId, status: 'requested', amountCents } as const;
  await postMove(tx, { payment, refund, to: status, amountCents });
  await oweNews(tx, refundId, status);
  if (disposition === 'tickets' && !ofAll) {
    await askWhichTickets(tx, { order, refundId, stripeRefundId: found.id });
  }
}

/** All the money is back, so all its tickets end. Returns what they had cost. */
async function endAllTickets(
  tx: Transaction,
  ended: { readonly order: Order; readonly refundId: string },
): Promise<number> {
  const { order, refundId } = ended;
  const tickets = await listRefundableTickets(tx, { orderId: order.id, currency: order.currency });
  const live = tickets.filter(({ status }) => status === 'valid' || status === 'suspended');
  await giveBackClaims(tx, order.id);
  await refundTickets(tx, { refundId, tickets: live });
  return live.reduce((sum, { paidCents }) => sum + paidCents, 0);
}

async function askWhichTickets(
  tx: Transaction,
  flagged: { readonly order: Order; readonly refundId: string; readonly stripeRefundId: string },
): Promise<void> {
  const { order, refundId, stripeRefundId } = flagged;
  await openIncident(tx, {
    organizationId: order.organizationId,
    kind: 'refund.external_partial',
    objectType: 'refund',
    objectId: refundId,
    message:
      'A part of this order was refunded in the Dashboard. Say which tickets it was for, or that it was for none.',
    details: { orderId: order.id, stripeRefundId },
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
    if (amountCents === refund.amountCents) {
      continue;
    }
    if (amountCents === 0) {
      const failure = 'All of it was given back at Stripe already.';
      await endUnmadeRefund(tx, { refundId: refund.id, as: 'cancelled', failure });
    } else {
      await reviseRefund(tx, { refundId: refund.id, amountCents });
    }
    if (payment.disposition === 'tickets') {
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
