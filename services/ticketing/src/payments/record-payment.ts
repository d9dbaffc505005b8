import { randomUUIDv7 } from 'node:crypto';
import { keepClaims, retakeClaims } from '@liventix/domain/codes/claims-repository';
import { attachDisputes } from '@liventix/domain/disputes/repository';
import { oweLateMoneyMail } from '@liventix/domain/emails/money-mail-repository';
import { getEvent } from '@liventix/domain/events/repository';
import { markStripeEventProcessed } from '@liventix/domain/inbox/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { decideRetake, type Hold } from '@liventix/domain/inventory';
import {
  insertHolds,
  lockHold,
  lockInventory,
  pinHold,
  readOffers,
} from '@liventix/domain/inventory/repository';
import type { Order } from '@liventix/domain/orders';
import { lockOrder, markOrderPaid } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { type Disposition, decideDisposition } from '@liventix/domain/payments';
import { closeAttempt, findAttemptOfSession } from '@liventix/domain/payments/attempt-repository';
import {
  findStripePayment,
  insertStripePayment,
  insertWholeRefund,
} from '@liventix/domain/payments/repository';
import type { PaidSession } from '@liventix/domain/payments/session';
import {
  lockPaymentIntent,
  sumStripeRefunds,
} from '@liventix/domain/refunds/stripe-refund-repository';
import { hasCredit, spendEscrow, takeEscrow } from '@liventix/domain/wallets/escrow-repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';

export interface ReportedPayment {
  readonly orderId: string;
  readonly eventId: string | undefined;
  readonly attemptId: string | undefined;
  readonly paid: PaidSession;
}

type Settled =
  | { readonly kind: 'tickets'; readonly reason: string; readonly holdId: string }
  | Extract<Disposition, { kind: 'refund' | 'review' }>
  | { readonly kind: 'refund'; readonly reason: 'sold_out' | 'credit_spent' };

/**
 * Phase one: what this money becomes, decided once under the order's lock, and recorded. Money is
 * always recorded, even when it contradicts us. Returns what the payment was decided to be.
 */
export async function recordPayment(
  tx: Transaction,
  report: ReportedPayment,
): Promise<'tickets' | 'refund' | 'review'> {
  const order = await lockOrder(tx, report.orderId);
  if (order === undefined) {
    throw new AppError('order.not_found', {
      message: `Session ${report.paid.sessionId} names order ${report.orderId}, which does not exist.`,
      retry: 'permanent',
    });
  }
  if (report.eventId !== undefined) {
    await markStripeEventProcessed(tx, report.eventId);
  }
  const known = await findStripePayment(tx, report.paid.paymentIntentId);
  if (known !== undefined) {
    return known.disposition;
  }
  const hold = await lockHold(tx, order.holdId);
  if (hold === undefined) {
    throw new Error(`hold ${order.holdId} vanished, though holds are never deleted`);
  }
  const attempt = await findAttemptOfSession(tx, {
    orderId: order.id,
    sessionId: report.paid.sessionId,
    attemptId: report.attemptId,
  });
  await lockPaymentIntent(tx, report.paid.paymentIntentId);
  const refunded = await sumStripeRefunds(tx, report.paid.paymentIntentId);
  const event = await getEvent(tx, order.eventId);
  const disposition = decideDisposition({
    order: order.status,
    isErased: order.isErased,
    hold,
    event: { isCancelled: event.status === 'cancelled', hasEnded: event.hasEnded },
    attempt,
    paid: report.paid,
    refundedCents: refunded.cents,
  });
  const settled = await secureSeats(tx, { order, hold, disposition });
  if (settled.kind === 'tickets') {
    await markOrderPaid(tx, { orderId: order.id, holdId: settled.holdId });
    // An expired order gave its claims back. It paid the reduced price all the same.
    await (order.status === 'expired' ? retakeClaims : keepClaims)(tx, order.id);
    await payWalletPart(tx, order);
  }
  if (attempt !== undefined) {
    const { sessionId } = report.paid;
    await closeAttempt(tx, { attemptId: attempt.id, as: 'paid', sessionId });
  }
  await record(tx, { order, report: { ...report, attemptId: attempt?.id }, settled });
  if (refunded.count > 0) {
    await enqueue(tx, 'refund.sync', { paymentIntentId: report.paid.paymentIntentId });
  }
  return settled.kind;
}

/** What a wallet pays of the order: set aside for it still, or given back with its end. */
async function payWalletPart(tx: Transaction, order: Order): Promise<void> {
  if (order.status === 'expired' && !(await takeEscrow(tx, order))) {
    throw new AppError('wallet.changed', {
      message: `Order ${order.id} lost its wallet's part to another order at this moment.`,
      retry: 'transient',
    });
  }
  await spendEscrow(tx, order);
}

/** Pins the seats that are held, or takes them again when the hold is gone. */
async function secureSeats(
  tx: Transaction,
  input: { readonly order: Order; readonly hold: Hold; readonly disposition: Disposition },
): Promise<Settled> {
  const { order, hold, disposition } = input;
  switch (disposition.kind) {
    case 'refund':
    case 'review':
      return disposition;
    case 'tickets':
      await pinHold(tx, hold.id);
      return { ...disposition, holdId: hold.id };
    case 'retake': {
      const tierIds = hold.items.map((item) => item.tierId);
      await lockInventory(tx, order.eventId, tierIds);
      const offers = await readOffers(tx, order.eventId, tierIds);
      if (decideRetake(hold.items, offers) === 'sold_out') {
        return { kind: 'refund', reason: 'sold_out' };
      }
      if (order.status === 'expired' && !(await hasCredit(tx, order))) {
        return { kind: 'refund', reason: 'credit_spent' };
      }
      const holdId = randomUUIDv7();
      const event = { id: order.eventId, organizationId: order.organizationId };
      await insertHolds(tx, event, [{ id: holdId, items: hold.items, deadline: 'pinned' }]);
      return { kind: 'tickets', reason: 'seats_taken_again', holdId };
    }
    default:
      return disposition satisfies never;
  }
}

const incidentTexts = {
  refund: 'This money became no tickets and is owed back. Its refund is recorded.',
  review:
    'This money does not match what was asked for. Nothing was issued: compare it with Stripe, then issue or refund by hand.',
} as const;

async function record(
  tx: Transaction,
  input: { readonly order: Order; readonly report: ReportedPayment; readonly settled: Settled },
): Promise<void> {
  const { order, report, settled } = input;
  const paymentId = await insertStripePayment(tx, {
    organizationId: order.organizationId,
    eventId: order.eventId,
    orderId: order.id,
    attemptId: report.attemptId,
    paid: report.paid,
    disposition: settled.kind,
    reason: settled.reason,
  });
  const { organizationId, id: orderId } = order;
  const { paymentIntentId } = report.paid;
  const disputed = { paymentIntentId, paymentId, orderId, organizationId };
  for (const disputeId of await attachDisputes(tx, disputed)) {
    await enqueue(tx, 'dispute.sync', { disputeId });
  }
  if (settled.kind === 'tickets' || settled.reason === 'already_refunded') {
    return;
  }
  if (settled.kind === 'refund' && report.paid.amountCents > 0) {
    await insertWholeRefund(tx, {
      organizationId: order.organizationId,
      orderId: order.id,
      paymentId,
      amountCents: report.paid.amountCents,
      currency: report.paid.currency,
      reason: settled.reason,
    });
    await oweLateMoneyMail(tx, { orderId: order.id, paymentId });
  }
  await openIncident(tx, {
    organizationId: order.organizationId,
    kind: `payment.${settled.kind}`,
    objectType: 'payment',
    objectId: paymentId,
    message: incidentTexts[settled.kind],
    details: { orderId: order.id, reason: settled.reason, sessionId: report.paid.sessionId },
  });
}
