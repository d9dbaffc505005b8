import type { RefundView } from '@liventix/contracts/api/refunds';
import type { ListedRefund } from '@liventix/domain/refunds/listing-repository';

export function toRefundView(refund: ListedRefund): RefundView {
  return {
    id: refund.id,
    order: refund.orderId,
    kind: refund.kind,
    status: refund.status,
    amount_cents: refund.amountCents,
    currency: refund.currency,
    reason: refund.reason,
    tickets: refund.ticketIds,
    failure: refund.failure,
    stripe_refund_id: refund.stripeRefundId,
    wallet: refund.walletId,
    part_of: refund.partOf,
    created_at: refund.createdAt.toISOString(),
  };
}
