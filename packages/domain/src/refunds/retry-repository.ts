import type { Transaction } from '@liventix/shared/db';
import { isChargedBack } from '#disputes/dispute-repository';
import { resolveIncidentsOf } from '#incidents/incident-repository';
import { refundCorrected } from '#ledger/ledger';
import { post } from '#ledger/ledger-repository';
import type { Order } from '#orders/order';
import { enqueue } from '#outbox/outbox-repository';
import { findRefund, insertRefund, markReplaced } from './refund-repository.ts';
import { leftOf, lockPayment, recountRefunds } from './refundable-payment-repository.ts';
import {
  creditRefund,
  lockRefundWallets,
  type RefundTarget,
  walletFor,
} from './wallet-refund-repository.ts';

export type RequestedAgain =
  | { readonly kind: 'requested'; readonly refundId: string }
  /** It has not failed, was asked for again or written off, or its money went back in another way. */
  | { readonly kind: 'not_owed' }
  /** A bank has the money, or may take it: whatever way it goes back, it would be paid twice. */
  | { readonly kind: 'disputed' };

/**
 * The money of a failed refund, requested again: nobody need press for it any more. Its tickets stay with the
 * failed one: they are dead already. The caller holds the order's lock.
 */
export async function requestAgain(
  tx: Transaction,
  retry: { readonly order: Order; readonly refundId: string; readonly to: RefundTarget },
): Promise<RequestedAgain> {
  const { order, refundId, to } = retry;
  const failed = await findRefund(tx, refundId);
  if (failed?.status !== 'failed') {
    return { kind: 'not_owed' };
  }
  const wallets = await lockRefundWallets(tx, { order, to });
  const payment = await lockPayment(tx, { paymentId: failed.paymentId });
  if (payment === undefined || wallets === undefined) {
    return { kind: 'not_owed' };
  }
  if (await isChargedBack(tx, payment.paymentIntentId)) {
    return { kind: 'disputed' };
  }
  const refundFailedCents = payment.refundFailedCents - failed.amountCents;
  const amountCents = Math.min(failed.amountCents, leftOf({ ...payment, refundFailedCents }));
  if (amountCents <= 0 || !(await markReplaced(tx, refundId))) {
    return { kind: 'not_owed' };
  }
  const walletId = walletFor(wallets, payment);
  const again = await insertRefund(tx, {
    organizationId: failed.organizationId,
    orderId: failed.orderId,
    paymentId: failed.paymentId,
    kind: 'amount',
    status: walletId === undefined ? 'requested' : 'succeeded',
    amountCents,
    walletId,
    currency: failed.currency,
    // A payment has one refund by disposition: this is another one.
    reason: failed.reason.replace(/^disposition\./, ''),
  });
  if (amountCents < failed.amountCents) {
    const less = { amountCents: amountCents - failed.amountCents, currency: failed.currency };
    const { organizationId, eventId } = order;
    const owner = { organizationId, eventId, orderId: order.id };
    await post(tx, [{ ...refundCorrected({ ...less, refundId, step: 'retried' }), owner }]);
  }
  await recountRefunds(tx, failed.paymentId);
  await resolveIncidentsOf(tx, { objectType: 'refund', objectId: refundId });
  if (walletId === undefined) {
    await enqueue(tx, 'refund.submit', { refundId: again });
  } else {
    await creditRefund(tx, { refundId: again, walletId, amountCents, order });
    await resolveIncidentsOf(tx, { objectType: 'payment', objectId: payment.id });
  }
  return { kind: 'requested', refundId: again };
}
