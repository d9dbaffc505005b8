import type { Transaction } from '@liventix/shared/db';
import { giveBackTickets } from '#buyers/buyer-limit-repository';
import { giveBackClaims } from '#codes/claims-repository';
import { isChargedBack } from '#disputes/dispute-repository';
import { oweRefundMail } from '#emails/money-mail-repository';
import { lockInventory } from '#inventory/inventory-repository';
import { refundCorrected, refundRequested } from '#ledger/ledger';
import { post } from '#ledger/ledger-repository';
import type { Order } from '#orders/order';
import { enqueue } from '#outbox/outbox-repository';
import {
  decideRefund,
  type RefundableTicket,
  type RefundDecision,
  type RefundWish,
} from './refund.ts';
import {
  findRefund,
  insertRefund,
  listRefundableTickets,
  markReplaced,
  refundTickets,
} from './refund-repository.ts';
import {
  leftOf,
  lockPayment,
  type RefundablePayment,
  recountRefunds,
} from './refundable-payment-repository.ts';
import type { RefundRefusal } from './refusal.ts';

export type RequestedRefund =
  | { readonly kind: 'requested'; readonly refundId: string }
  | RefundRefusal;

/**
 * Refunds a part of an order that was paid, or all of it: tickets die and seats are free with this
 * transaction, and the money follows. The caller holds the order's lock, so that two who press at
 * once decide one after the other. Locks what follows in the one order: tiers, claims, payment.
 */
export async function requestRefund(
  tx: Transaction,
  request: {
    readonly order: Order;
    readonly wish: RefundWish;
    /** Why, as people read it. */
    readonly reason: string;
    readonly idempotency?: { readonly key: string; readonly requestHash: string };
  },
): Promise<RequestedRefund> {
  const { order, wish, reason, idempotency } = request;
  if (order.status !== 'fulfilled') {
    return { kind: 'not_paid' };
  }
  await lockInventory(tx, order.eventId, order.items.map(({ tierId }) => tierId).toSorted());
  const tickets = await listRefundableTickets(tx, { orderId: order.id, currency: order.currency });
  const live = tickets.filter(({ status }) => status === 'valid' || status === 'suspended');
  const chosen = wish.kind === 'amount' ? 0 : wish.kind === 'whole' ? live.length : undefined;
  const count = chosen ?? new Set('ticketIds' in wish ? wish.ticketIds : []).size;
  await giveBackLimits(tx, { orderId: order.id, count, live: live.length });
  const decided = await decide(tx, { orderId: order.id, tickets, wish });
  if (decided.kind !== 'refund') {
    return decided;
  }
  const { payment, decision } = decided;
  const { amountCents } = decision;
  const { currency } = payment;
  const refundId = await insertRefund(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    paymentId: payment.id,
    kind: wish.kind,
    // Nothing was paid for them: they are given back, and that is all.
    status: amountCents === 0 ? 'succeeded' : 'requested',
    amountCents,
    currency,
    reason,
    ...(idempotency && { idempotency }),
  });
  await refundTickets(tx, { refundId, tickets: decision.tickets });
  const ticketsCents = decision.tickets.reduce((sum, { paidCents }) => sum + paidCents, 0);
  const owner = { organizationId: order.organizationId, eventId: order.eventId, orderId: order.id };
  const debt = { refundId, amountCents, currency, ticketsCents, rest: restOf(wish) };
  await post(tx, [{ ...refundRequested(debt), owner }]);
  await recountRefunds(tx, payment.id);
  if (amountCents > 0) {
    await enqueue(tx, 'refund.submit', { refundId });
  }
  await oweRefundMail(tx, { refundId, kind: amountCents > 0 ? 'refund_requested' : 'refund_made' });
  return { kind: 'requested', refundId };
}

/** What would be refunded, and nothing else happens. The caller holds the order's lock. */
export async function previewRefund(
  tx: Transaction,
  request: { readonly order: Order; readonly wish: RefundWish },
): Promise<Extract<RefundDecision, { kind: 'refund' }> | RefundRefusal> {
  const { order, wish } = request;
  if (order.status !== 'fulfilled') {
    return { kind: 'not_paid' };
  }
  const { id: orderId, currency } = order;
  const tickets = await listRefundableTickets(tx, { orderId, currency });
  const decided = await decide(tx, { orderId, tickets, wish });
  return decided.kind === 'refund' ? decided.decision : decided;
}

interface Decided {
  readonly kind: 'refund';
  readonly payment: RefundablePayment;
  readonly decision: Extract<RefundDecision, { kind: 'refund' }>;
}

async function decide(
  tx: Transaction,
  of: {
    readonly orderId: string;
    readonly tickets: readonly RefundableTicket[];
    readonly wish: RefundWish;
  },
): Promise<Decided | RefundRefusal> {
  const payment = await lockPayment(tx, { ticketsOf: of.orderId });
  if (payment === undefined) {
    return { kind: 'not_paid' };
  }
  if (await isChargedBack(tx, payment.paymentIntentId)) {
    return { kind: 'disputed' };
  }
  const { currency } = payment;
  const leftCents = leftOf(payment);
  const decision = decideRefund(of.wish, { tickets: of.tickets, leftCents, currency });
  return decision.kind === 'refund' ? { kind: 'refund', payment, decision } : decision;
}

/** What is not given back of tickets is a fee when the policy keeps it. */
function restOf(wish: RefundWish): 'goodwill' | 'cancellation_fees' {
  return wish.kind === 'buyer' ? 'cancellation_fees' : 'goodwill';
}

/** With its last ticket an order gives back its code too. A refusal rolls this back. */
async function giveBackLimits(
  tx: Transaction,
  of: { readonly orderId: string; readonly count: number; readonly live: number },
): Promise<void> {
  if (of.count === 0) {
    return;
  }
  if (of.count >= of.live) {
    await giveBackClaims(tx, of.orderId);
    return;
  }
  await giveBackTickets(tx, { orderId: of.orderId, tickets: of.count });
}

/**
 * The money of a failed refund, requested again. Its tickets stay with the failed one: they are dead
 * already. Undefined unless it failed and nothing was requested instead. The caller holds the
 * order's lock.
 */
export async function requestAgain(tx: Transaction, refundId: string): Promise<string | undefined> {
  const failed = await findRefund(tx, refundId);
  if (failed?.status !== 'failed') {
    return undefined;
  }
  const payment = await lockPayment(tx, { paymentId: failed.paymentId });
  if (payment === undefined || !(await markReplaced(tx, refundId))) {
    return undefined;
  }
  const refundFailedCents = payment.refundFailedCents - failed.amountCents;
  const amountCents = Math.min(failed.amountCents, leftOf({ ...payment, refundFailedCents }));
  if (amountCents <= 0) {
    return undefined;
  }
  const again = await insertRefund(tx, {
    organizationId: failed.organizationId,
    orderId: failed.orderId,
    paymentId: failed.paymentId,
    kind: 'amount',
    status: 'requested',
    amountCents,
    currency: failed.currency,
    reason: failed.reason,
  });
  if (amountCents < failed.amountCents) {
    const less = { amountCents: amountCents - failed.amountCents, currency: failed.currency };
    const { organizationId, orderId } = failed;
    const owner = { organizationId, orderId, eventId: payment.eventId };
    await post(tx, [{ ...refundCorrected({ ...less, refundId, step: 'retried' }), owner }]);
  }
  await recountRefunds(tx, failed.paymentId);
  await enqueue(tx, 'refund.submit', { refundId: again });
  return again;
}
