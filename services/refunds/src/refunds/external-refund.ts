import { giveBackClaims } from '@liventix/domain/codes/claims-repository';
import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { refundAllotted, refundRequested } from '@liventix/domain/ledger';
import { post } from '@liventix/domain/ledger/repository';
import type { Order } from '@liventix/domain/orders';
import { type RefundStatus, statusOfStripe } from '@liventix/domain/refunds';
import type { RefundablePayment } from '@liventix/domain/refunds/refundable-payment-repository';
import {
  insertRefund,
  listPaymentRefunds,
  listRefundableTickets,
  refundTickets,
} from '@liventix/domain/refunds/repository';
import type { StripeRefund } from '@liventix/domain/refunds/stripe-refund';
import type { Transaction } from '@liventix/shared/db';
import { bookRefund } from '#refunds/book-refund';

/** An order and the payment whose refunds are looked at, both locked. */
export interface Books {
  readonly order: Order;
  readonly payment: RefundablePayment;
}

/** A refund that was new to us. */
export interface TakenIn {
  readonly refundId: string;
  readonly stripeRefundId: string;
  readonly status: RefundStatus;
}

/**
 * Records a refund that somebody made at Stripe. Until it is known of which tickets it is, it is
 * goodwill in the books.
 */
export async function takeInRefund(
  tx: Transaction,
  { books, found }: { readonly books: Books; readonly found: StripeRefund },
): Promise<TakenIn> {
  const { order, payment } = books;
  // One that had failed before we heard of it gave nothing back, and nobody counted on it.
  const heard = statusOfStripe(found.status);
  const status = heard === 'failed' ? 'cancelled' : heard;
  const { amountCents } = found;
  const { currency, organizationId, eventId, orderId, disposition, wasForTickets } = payment;
  const refundId = await insertRefund(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    paymentId: payment.id,
    kind: 'external',
    status,
    amountCents,
    currency,
    reason: 'made at Stripe',
    stripeRefundId: found.id,
  });
  if (isGiven(status)) {
    if (disposition === 'review' || wasForTickets) {
      // Of money that never was for tickets it was owed from the start.
      const rest = disposition === 'review' ? 'in_review' : 'goodwill';
      const debt = refundRequested({ refundId, amountCents, currency, ticketsCents: 0, rest });
      await post(tx, [{ ...debt, owner: { organizationId, eventId, orderId } }]);
    }
    const refund = { id: refundId, status: 'requested', amountCents } as const;
    await bookRefund(tx, { payment, refund, to: status, amountCents });
  }
  return { refundId, stripeRefundId: found.id, status };
}

function isGiven(status: RefundStatus): boolean {
  return status === 'submitted' || status === 'succeeded';
}

/**
 * When somebody gave back at Stripe what made it all the money, no ticket stays good that was not used; of a part a
 * person says of which tickets it is. Judged by what stands in our books, so that it holds also for
 * refunds that were taken in before the tickets were issued: settling asks again then.
 */
export async function endTicketsGivenBack(
  tx: Transaction,
  { books, taken }: { readonly books: Books; readonly taken: readonly TakenIn[] },
): Promise<void> {
  const { order, payment } = books;
  if (payment.disposition !== 'tickets') {
    return;
  }
  const given = (await listPaymentRefunds(tx, payment.id)).filter(({ status }) => isGiven(status));
  const last = given.findLast(({ kind }) => kind === 'external');
  const sum = given.reduce((cents, { amountCents }) => cents + amountCents, 0);
  // Of an order that a wallet paid with, all of the card's money is a part.
  if (last === undefined || sum < payment.amountCents || order.walletCents > 0) {
    await askWhichTickets(tx, order, taken);
    return;
  }
  const tickets = await listRefundableTickets(tx, { orderId: order.id, currency: order.currency });
  const live = tickets.filter(
    ({ status, isAdmitted }) => (status === 'valid' || status === 'suspended') && !isAdmitted,
  );
  if (live.length > 0) {
    await giveBackClaims(tx, order.id);
    await refundTickets(tx, { refundId: last.id, tickets: live });
    const amountCents = live.reduce((cents, { paidCents }) => cents + paidCents, 0);
    const { currency, organizationId, eventId, orderId } = payment;
    const allotted = refundAllotted({ refundId: last.id, amountCents, currency });
    await post(tx, [{ ...allotted, owner: { organizationId, eventId, orderId } }]);
  }
  for (const { id: objectId } of given.filter(({ kind }) => kind === 'external')) {
    await resolveIncidentsOf(tx, { objectType: 'refund', objectId });
  }
}

async function askWhichTickets(
  tx: Transaction,
  order: Order,
  taken: readonly TakenIn[],
): Promise<void> {
  for (const { refundId, stripeRefundId } of taken.filter(({ status }) => isGiven(status))) {
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
}
