import type { Transaction } from '@liventix/shared/db';
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

/**
 * The money of a failed refund, requested again. Its tickets stay with the failed one: they are dead
 * already. Undefined unless it failed and nothing was requested instead. The caller holds the
 * order's lock.
 */
export async function requestAgain(
  tx: Transaction,
  retry: { readonly order: Order; readonly refundId: string; readonly to: RefundTarget },
): Promise<string | undefined> {
  const { order, refundId, to } = retry;
  const failed = await findRefund(tx, refundId);
  if (failed?.status !== 'failed') {
    return undefined;
  }
  const wallets = await lockRefundWallets(tx, { order, to });
  const payment = await lockPayment(tx, { paymentId: failed.paymentId });
  if (payment === undefined || wallets === undefined) {
    return undefined;
  }
  const refundFailedCents = payment.refundFailedCents - failed.amountCents;
  const amountCents = Math.min(failed.amountCents, leftOf({ ...payment, refundFailedCents }));
  if (amountCents <= 0 || !(await markReplaced(tx, refundId))) {
    return undefined;
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
    reason: failed.reason,
  });
  if (amountCents < failed.amountCents) {
    const less = { amountCents: amountCents - failed.amountCents, currency: failed.currency };
    const { organizationId, eventId } = order;
    const owner = { organizationId, eventId, orderId: order.id };
    await post(tx, [{ ...refundCorrected({ ...less, refundId, step: 'retried' }), owner }]);
  }
  await recountRefunds(tx, failed.paymentId);
  if (walletId === undefined) {
    await enqueue(tx, 'refund.submit', { refundId: again });
  } else {
    await creditRefund(tx, { refundId: again, walletId, amountCents, order });
  }
  return again;
}
