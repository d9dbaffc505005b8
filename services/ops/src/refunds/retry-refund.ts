import type { Credential } from '@liventix/domain/access/repository';
import { getOrder, lockOrder } from '@liventix/domain/orders/repository';
import { refusalOf } from '@liventix/domain/refunds/refusal';
import { findRefund } from '@liventix/domain/refunds/repository';
import { requestAgain } from '@liventix/domain/refunds/retry-repository';
import type { RefundTarget } from '@liventix/domain/refunds/wallet-refund-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';

/**
 * Asks for the money of a failed refund again, as a refund of its own: the failed one stays as it
 * ended. Once: a second press finds nothing left of it. Returns the new one's id.
 */
export async function retryRefund(
  deps: { readonly db: Database },
  credential: Credential,
  retry: { readonly refundId: string; readonly to: RefundTarget },
): Promise<string> {
  const { refundId, to } = retry;
  const known = await findRefund(deps.db.pool, refundId);
  if (known === undefined || known.organizationId !== credential.organizationId) {
    throw notFound('refund');
  }
  return await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, known.orderId);
    const order = await getOrder(tx, known.orderId);
    const again = await requestAgain(tx, { order, refundId, to });
    if (again.kind === 'disputed') {
      throw refusalOf(again, order.number);
    }
    if (again.kind === 'not_owed') {
      throw new AppError('refund.not_failed', {
        message: `Refund ${refundId} has not failed, or its money is on its way again.`,
        retry: 'permanent',
      });
    }
    await recordAct(tx, credential, {
      action: 'refund.retry',
      objectType: 'refund',
      objectId: refundId,
      facts: { refundId: again.refundId, to },
    });
    return again.refundId;
  });
}
