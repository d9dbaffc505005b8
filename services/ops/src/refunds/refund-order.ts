import type { RefundBody } from '@liventix/contracts/api/refunds';
import type { Credential } from '@liventix/domain/access/repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { RefundWish } from '@liventix/domain/refunds';
import { refusalOf } from '@liventix/domain/refunds/refusal';
import { findRefundByKey } from '@liventix/domain/refunds/repository';
import { requestRefund } from '@liventix/domain/refunds/request-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';

/**
 * Refunds an order, tickets of it, or an amount, and says who did it. The same key and body are the
 * same refund; two people who press at once each see what the other did. Returns its id.
 */
export async function refundOrder(
  deps: { readonly db: Database },
  credential: Credential,
  request: { readonly orderId: string; readonly body: RefundBody; readonly key: string },
): Promise<string> {
  const { orderId, body, key } = request;
  const hash = requestHash({ orderId, ...body });
  return await deps.db.inTransaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order === undefined) {
      throw notFound('order');
    }
    const known = await findRefundByKey(tx, key);
    if (known !== undefined) {
      if (known.requestHash !== hash) {
        throw refused('idempotency.key_reused', 'This key came with another request before.');
      }
      return known.id;
    }
    const idempotency = { key, requestHash: hash };
    const wish = wishOf(body);
    const { reason, to } = body;
    const requested = await requestRefund(tx, { order, wish, to, reason, idempotency });
    if (requested.kind !== 'requested') {
      throw refusalOf(requested, order.number);
    }
    await recordAct(tx, credential, {
      action: 'order.refund',
      objectType: 'order',
      objectId: orderId,
      facts: {
        refundId: requested.refundId,
        kind: wish.kind,
        to,
        evenAdmitted: body.even_admitted,
      },
    });
    return requested.refundId;
  });
}

function wishOf(body: RefundBody): RefundWish {
  const { even_admitted: evenAdmitted } = body;
  if (body.tickets !== undefined) {
    return { kind: 'tickets', ticketIds: body.tickets, evenAdmitted };
  }
  return body.amount_cents === undefined
    ? { kind: 'whole', evenAdmitted }
    : { kind: 'amount', amountCents: body.amount_cents };
}

function refused(code: string, message: string): AppError {
  return new AppError(code, { message, retry: 'permanent' });
}
