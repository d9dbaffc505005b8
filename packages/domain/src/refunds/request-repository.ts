import assert from 'node:assert/strict';
import type { Transaction } from '@liventix/shared/db';
import { giveBackTickets } from '#buyers/buyer-limit-repository';
import { giveBackClaims } from '#codes/claims-repository';
import { isChargedBack } from '#disputes/dispute-repository';
import { oweRefundMail } from '#emails/money-mail-repository';
import { lockHold, lockInventory } from '#inventory/inventory-repository';
import { refundRequested } from '#ledger/ledger';
import { post } from '#ledger/ledger-repository';
import type { Order } from '#orders/order';
import { enqueue } from '#outbox/outbox-repository';
import { partsOf, type RefundPart } from './parts.ts';
import {
  decideRefund,
  type RefundableTicket,
  type RefundDecision,
  type RefundWish,
} from './refund.ts';
import { insertRefund, listRefundableTickets, refundTickets } from './refund-repository.ts';
import {
  leftOf,
  lockTicketPayments,
  type RefundablePayment,
  recountRefunds,
} from './refundable-payment-repository.ts';
import type { RefundRefusal } from './refusal.ts';
import { giveUpOrder } from './unissued-repository.ts';
import {
  creditRefund,
  lockRefundWallets,
  type RefundTarget,
  type RefundWallets,
  walletFor,
} from './wallet-refund-repository.ts';

export interface RefundRequest {
  readonly order: Order;
  readonly wish: RefundWish;
  /** Where it goes: to what was paid with, unless it says otherwise. */
  readonly to?: RefundTarget;
  /** Why, as people read it. */
  readonly reason: string;
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}

export type RequestedRefund =
  | { readonly kind: 'requested'; readonly refundId: string }
  | RefundRefusal;

/**
 * Refunds a part of an order that was paid, or all of it: tickets die and seats are free with this
 * transaction, and the money follows. The caller holds the order's lock, so that two who press at
 * once decide one after the other. Locks what follows in the one order: hold, tiers, claims, wallets,
 * payments. A paid order that has no tickets yet is refunded whole, and never gets any (ADR 0030).
 */
export async function requestRefund(
  tx: Transaction,
  request: RefundRequest,
): Promise<RequestedRefund> {
  const { order, wish, to = 'origin' } = request;
  const refusal = refusalBefore(order, wish);
  if (refusal !== undefined) {
    return refusal;
  }
  if (isUnissued(order)) {
    await lockHold(tx, order.holdId);
  }
  await lockInventory(tx, order.eventId, order.items.map(({ tierId }) => tierId).toSorted());
  const tickets = await listRefundableTickets(tx, { orderId: order.id, currency: order.currency });
  const live = tickets.filter(({ status }) => status === 'valid' || status === 'suspended');
  const chosen = wish.kind === 'amount' ? 0 : wish.kind === 'whole' ? live.length : undefined;
  const count = chosen ?? new Set('ticketIds' in wish ? wish.ticketIds : []).size;
  await giveBackLimits(tx, { order, count, live: live.length });
  const wallets = await lockRefundWallets(tx, { order, to });
  if (wallets === undefined) {
    return { kind: 'no_wallet' };
  }
  const decided = await decide(tx, { order, tickets, wish });
  if (decided.kind !== 'refund') {
    return decided;
  }
  if (isUnissued(order)) {
    await giveUpOrder(tx, { order, to });
  }
  return { kind: 'requested', refundId: await write(tx, { ...request, ...decided, wallets }) };
}

/** Its money came, and its tickets did not: of those no single one can be given back. */
function isUnissued(order: Pick<Order, 'status'>): boolean {
  return order.status === 'paid';
}

function refusalBefore(order: Order, wish: RefundWish): RefundRefusal | undefined {
  if (order.status === 'fulfilled' || (isUnissued(order) && wish.kind === 'whole')) {
    return undefined;
  }
  // Buyers are not asked to decide: their tickets come, or somebody here gives up.
  return { kind: isUnissued(order) && wish.kind !== 'buyer' ? 'not_issued' : 'not_paid' };
}

/** Writes what was decided: a refund for each payment, of which the first has the tickets. */
async function write(
  tx: Transaction,
  refund: RefundRequest & {
    readonly payments: readonly RefundablePayment[];
    readonly decision: Extract<RefundDecision, { kind: 'refund' }>;
    readonly wallets: RefundWallets;
  },
): Promise<string> {
  const { order, wish, reason, idempotency, wallets, decision } = refund;
  const { amountCents, tickets } = decision;
  const { currency } = order;
  const ticketsCents = isUnissued(order)
    ? order.totalCents
    : tickets.reduce((sum, { paidCents }) => sum + paidCents, 0);
  const payments = refund.payments.map((payment) => ({ payment, leftCents: leftOf(payment) }));
  let first: string | undefined;
  for (const part of partsOf({ amountCents, ticketsCents, currency, payments })) {
    const walletId = part.amountCents > 0 ? walletFor(wallets, part.payment) : undefined;
    const refundId = await insertRefund(tx, {
      organizationId: order.organizationId,
      orderId: order.id,
      paymentId: part.payment.id,
      kind: wish.kind,
      // Nothing was paid for them: they are given back, and that is all. So it is with a wallet.
      status: part.amountCents === 0 || walletId !== undefined ? 'succeeded' : 'requested',
      amountCents: part.amountCents,
      currency,
      reason,
      walletId,
      partOf: first,
      ...(first === undefined && idempotency && { idempotency }),
    });
    if (first === undefined) {
      await refundTickets(tx, { refundId, tickets });
    }
    first ??= refundId;
    await follow(tx, { order, part, refundId, walletId, rest: restOf(wish) });
  }
  assert.ok(first, `order ${order.id} has no payment to refund`);
  return first;
}

/** What follows from a refund's row: its debt in the books, and the way to whoever is owed. */
async function follow(
  tx: Transaction,
  written: {
    readonly order: Order;
    readonly part: RefundPart<RefundablePayment>;
    readonly refundId: string;
    readonly walletId: string | undefined;
    readonly rest: 'goodwill' | 'cancellation_fees';
  },
): Promise<void> {
  const { order, part, refundId, walletId, rest } = written;
  const { amountCents, ticketsCents, payment } = part;
  const { organizationId, eventId, currency } = order;
  const owner = { organizationId, eventId, orderId: order.id };
  const debt = { refundId, amountCents, currency, ticketsCents, rest };
  await post(tx, [{ ...refundRequested(debt), owner }]);
  await recountRefunds(tx, payment.id);
  if (walletId !== undefined) {
    await creditRefund(tx, { refundId, walletId, amountCents, order });
    return;
  }
  if (amountCents > 0) {
    await enqueue(tx, 'refund.submit', { refundId });
  }
  await oweRefundMail(tx, { refundId, kind: amountCents > 0 ? 'refund_requested' : 'refund_made' });
}

/** What would be refunded, and nothing else happens. The caller holds the order's lock. */
export async function previewRefund(
  tx: Transaction,
  request: { readonly order: Order; readonly wish: RefundWish },
): Promise<Extract<RefundDecision, { kind: 'refund' }> | RefundRefusal> {
  const { order, wish } = request;
  const refusal = refusalBefore(order, wish);
  if (refusal !== undefined) {
    return refusal;
  }
  const { id: orderId, currency } = order;
  const tickets = await listRefundableTickets(tx, { orderId, currency });
  const decided = await decide(tx, { order, tickets, wish });
  return decided.kind === 'refund' ? decided.decision : decided;
}

interface Decided {
  readonly kind: 'refund';
  readonly payments: readonly RefundablePayment[];
  readonly decision: Extract<RefundDecision, { kind: 'refund' }>;
}

async function decide(
  tx: Transaction,
  of: {
    readonly order: Order;
    readonly tickets: readonly RefundableTicket[];
    readonly wish: RefundWish;
  },
): Promise<Decided | RefundRefusal> {
  const { order, tickets, wish } = of;
  const payments = await lockTicketPayments(tx, order.id);
  const [first] = payments;
  if (first === undefined) {
    return { kind: 'not_paid' };
  }
  for (const { paymentIntentId } of payments) {
    if (await isChargedBack(tx, paymentIntentId)) {
      return { kind: 'disputed' };
    }
  }
  const { currency } = first;
  const leftCents = payments.reduce((sum, payment) => sum + leftOf(payment), 0);
  const awaitsTickets = isUnissued(order);
  const decision = decideRefund(wish, { tickets, leftCents, currency, awaitsTickets });
  return decision.kind === 'refund' ? { kind: 'refund', payments, decision } : decision;
}

/** What is not given back of tickets is a fee when the policy keeps it. */
function restOf(wish: RefundWish): 'goodwill' | 'cancellation_fees' {
  return wish.kind === 'buyer' ? 'cancellation_fees' : 'goodwill';
}

/** With its last ticket an order gives back its code too. A refusal rolls this back. */
async function giveBackLimits(
  tx: Transaction,
  of: { readonly order: Order; readonly count: number; readonly live: number },
): Promise<void> {
  const { order, count, live } = of;
  if (count === 0 && !isUnissued(order)) {
    return;
  }
  if (count >= live) {
    await giveBackClaims(tx, order.id);
    return;
  }
  await giveBackTickets(tx, { orderId: order.id, tickets: count });
}
