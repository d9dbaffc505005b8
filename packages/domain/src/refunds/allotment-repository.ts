import type { Transaction } from '@liventix/shared/db';
import { giveBackTickets } from '#buyers/buyer-limit-repository';
import { giveBackClaims } from '#codes/claims-repository';
import { markDisputeAllotted, reinstateTickets, voidTickets } from '#disputes/dispute-repository';
import { resolveIncidentsOf } from '#incidents/incident-repository';
import { lockInventory } from '#inventory/inventory-repository';
import { debtWrittenOff, moved, refundAllotted } from '#ledger/ledger';
import { post } from '#ledger/ledger-repository';
import type { Order } from '#orders/order';
import { insertWholeRefund } from '#payments/payment-repository';
import { decideRefund } from './refund.ts';
import {
  findRefund,
  listRefundableTickets,
  markReplaced,
  refundTickets,
} from './refund-repository.ts';
import { lockPayment } from './refundable-payment-repository.ts';
import type { RefundRefusal } from './refusal.ts';

/** What a person decides about money that nobody here decided about. Under the order's lock. */

type Allotted = { readonly kind: 'allotted' } | { readonly kind: 'not_open' } | RefundRefusal;

/** Whether somebody is asked about this refund or dispute. Answering closes the question. */
async function isAsked(
  tx: Transaction,
  question: { readonly kind: string; readonly objectId: string },
): Promise<boolean> {
  const { rows } = await tx.raw(
    `select 1 from incidents
      where kind = :kind and object_id = :objectId and resolved_at is null for update`,
    question,
  );
  return rows.length > 0;
}

/** These tickets of an order, if all of them are somebody's. */
async function chooseTickets(
  tx: Transaction,
  of: { readonly order: Order; readonly ticketIds: readonly string[] },
) {
  const { id: orderId, currency } = of.order;
  const tickets = await listRefundableTickets(tx, { orderId, currency });
  const wish = { kind: 'tickets', ticketIds: of.ticketIds, evenAdmitted: true } as const;
  // What is left of the money does not matter: it went back already.
  const leftCents = Number.MAX_SAFE_INTEGER;
  const decision = decideRefund(wish, { tickets, leftCents, currency, awaitsTickets: false });
  const live = tickets.filter(({ status }) => status === 'valid' || status === 'suspended');
  return { decision, isLast: live.length === new Set(of.ticketIds).size };
}

/** Says which tickets a refund was of that somebody made at Stripe: they end, each once. */
export async function allotRefund(
  tx: Transaction,
  allotment: {
    readonly order: Order;
    readonly refundId: string;
    readonly ticketIds: readonly string[];
  },
): Promise<Allotted> {
  const { order, refundId, ticketIds } = allotment;
  if (!(await isAsked(tx, { kind: 'refund.external_partial', objectId: refundId }))) {
    return { kind: 'not_open' };
  }
  await lockInventory(tx, order.eventId, order.items.map(({ tierId }) => tierId).toSorted());
  const { decision, isLast } = await chooseTickets(tx, { order, ticketIds });
  if (decision.kind !== 'refund') {
    return decision;
  }
  if (isLast) {
    await giveBackClaims(tx, order.id);
  } else if (decision.tickets.length > 0) {
    await giveBackTickets(tx, { orderId: order.id, tickets: decision.tickets.length });
  }
  await refundTickets(tx, { refundId, tickets: decision.tickets });
  const { amountCents } = decision;
  const { currency, organizationId, eventId } = order;
  const owner = { organizationId, eventId, orderId: order.id };
  await post(tx, [{ ...refundAllotted({ refundId, amountCents, currency }), owner }]);
  await resolveIncidentsOf(tx, { objectType: 'refund', objectId: refundId });
  return { kind: 'allotted' };
}

/** Says which tickets a lost part of a payment was of: they end, and the others are good again. */
export async function allotDispute(
  tx: Transaction,
  allotment: {
    readonly order: Order;
    readonly disputeId: string;
    readonly ticketIds: readonly string[];
  },
): Promise<Allotted> {
  const { order, disputeId, ticketIds } = allotment;
  if (!(await isAsked(tx, { kind: 'dispute.lost_in_part', objectId: disputeId }))) {
    return { kind: 'not_open' };
  }
  await lockInventory(tx, order.eventId, order.items.map(({ tierId }) => tierId).toSorted());
  const { decision } = await chooseTickets(tx, { order, ticketIds });
  if (decision.kind !== 'refund') {
    return decision;
  }
  await markDisputeAllotted(tx, disputeId);
  await voidTickets(tx, { orderId: order.id, ticketIds });
  await reinstateTickets(tx, order.id);
  await resolveIncidentsOf(tx, { objectType: 'dispute', objectId: disputeId });
  return { kind: 'allotted' };
}

/**
 * Decides that the money of a failed refund is not paid after all. False unless it failed, and nobody
 * asked for it anew or wrote it off before.
 */
export async function writeOffRefund(
  tx: Transaction,
  debt: { readonly order: Order; readonly refundId: string },
): Promise<boolean> {
  const { order, refundId } = debt;
  const refund = await findRefund(tx, refundId);
  if (refund?.status !== 'failed' || !(await markReplaced(tx, refundId))) {
    return false;
  }
  const { amountCents, currency } = refund;
  const owner = { organizationId: order.organizationId, eventId: order.eventId, orderId: order.id };
  await post(tx, [{ ...debtWrittenOff({ refundId, amountCents, currency }), owner }]);
  await resolveIncidentsOf(tx, { objectType: 'refund', objectId: refundId });
  return true;
}

/** Gives money back, whole, that does not match what was asked for. False when it was before. */
export async function refundReviewed(
  tx: Transaction,
  reviewed: { readonly order: Order; readonly paymentId: string; readonly reason: string },
): Promise<boolean> {
  const { order, paymentId, reason } = reviewed;
  const payment = await lockPayment(tx, { paymentId });
  const { rows } = await tx.raw('select 1 from refunds where payment_id = :paymentId limit 1', {
    paymentId,
  });
  if (payment?.disposition !== 'review' || rows.length > 0) {
    return false;
  }
  const { amountCents, currency } = payment;
  const owner = { organizationId: order.organizationId, eventId: order.eventId, orderId: order.id };
  await insertWholeRefund(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    paymentId,
    amountCents,
    currency,
    reason,
  });
  await post(tx, [
    {
      kind: 'refund_requested',
      cause: `payment/${paymentId}/returned`,
      entries: moved({ amountCents, currency }, { from: 'owed_to_buyers', to: 'in_review' }),
      owner,
    },
  ]);
  await resolveIncidentsOf(tx, { objectType: 'payment', objectId: paymentId });
  return true;
}
