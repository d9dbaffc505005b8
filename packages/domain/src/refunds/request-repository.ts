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
import { decideRefund, type RefundDecision, type RefundWish } from './refund.ts';
import {
  findRefund,
  insertRefund,
  listRefundableTickets,
  lockPayment,
  markReplaced,
  recountRefunds,
  refundTickets,
} from './refund-repository.ts';

export type RequestedRefund =
  | { readonly kind: 'requested'; readonly refundId: string }
  | { readonly kind: 'not_paid' }
  /** A bank has its money, or may take it: giving it back as well would pay twice. */
  | { readonly kind: 'disputed' }
  | Exclude<RefundDecision, { kind: 'refund' }>;

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
  const payment = await lockPayment(tx, { ticketsOf: order.id });
  if (payment === undefined) {
    return { kind: 'not_paid' };
  }
  if (await isChargedBack(tx, payment.paymentIntentId)) {
    return { kind: 'disputed' };
  }
  const leftCents = payment.amountCents - payment.refundedCents - payment.refundOpenCents;
  const { currency } = payment;
  const decision = decideRefund(wish, { tickets, leftCents: Math.max(0, leftCents), currency });
  if (decision.kind !== 'refund') {
    return decision;
  }
  const { amountCents } = decision;
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
  const debt = { refundId, amountCents, currency, ticketsCents, rest: 'goodwill' } as const;
  await post(tx, [{ ...refundRequested(debt), owner }]);
  await recountRefunds(tx, payment.id);
  if (amountCents > 0) {
    await enqueue(tx, 'refund.submit', { refundId });
  }
  await oweRefundMail(tx, { refundId, kind: amountCents > 0 ? 'refund_requested' : 'refund_made' });
  return { kind: 'requested', refundId };
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
  const leftCents = payment.amountCents - payment.refundedCents - payment.refundOpenCents;
  const amountCents = Math.min(failed.amountCents, leftCents);
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
