import { oweRefundMail } from '@liventix/domain/emails/money-mail-repository';
import { refundBounced, refundCorrected, refundMade } from '@liventix/domain/ledger';
import { post } from '@liventix/domain/ledger/repository';
import type { Refund, RefundStatus } from '@liventix/domain/refunds';
import type { RefundablePayment } from '@liventix/domain/refunds/refundable-payment-repository';
import type { Transaction } from '@liventix/shared/db';

/** The buyer hears that their money is back, or is not. */
export async function tellRefund(
  tx: Transaction,
  refundId: string,
  to: RefundStatus,
): Promise<void> {
  if (to === 'succeeded' || to === 'failed') {
    await oweRefundMail(tx, { refundId, kind: to === 'failed' ? 'refund_failed' : 'refund_made' });
  }
}

/** What a refund that moved on means for the books. A debt that stays a debt is no move of money. */
export async function bookRefund(
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
  if (more !== 0 && payment.wasForTickets) {
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
