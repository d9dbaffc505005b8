import type { RefundBody } from '@liventix/contracts/api/refunds';
import type { Credential } from '@liventix/domain/access/repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { RefundWish } from '@liventix/domain/refunds';
import { findRefundByKey } from '@liventix/domain/refunds/repository';
import { type RequestedRefund, requestRefund } from '@liventix/domain/refunds/request-repository';
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
    const requested = await requestRefund(tx, { order, wish, reason: body.reason, idempotency });
    if (requested.kind !== 'requested') {
      throw refusalOf(requested, order.number);
    }
    await recordAct(tx, credential, {
      action: 'order.refund',
      objectType: 'order',
      objectId: orderId,
      facts: { refundId: requested.refundId, kind: wish.kind },
    });
    return requested.refundId;
  });
}

function wishOf(body: RefundBody): RefundWish {
  if (body.tickets !== undefined) {
    return { kind: 'tickets', ticketIds: body.tickets };
  }
  return body.amount_cents === undefined
    ? { kind: 'whole' }
    : { kind: 'amount', amountCents: body.amount_cents };
}

/** Why nothing is refunded, as a person reads it. */
function refusalOf(
  refusal: Exclude<RequestedRefund, { kind: 'requested' }>,
  number: string,
): AppError {
  switch (refusal.kind) {
    case 'not_paid':
      return refused('order.not_paid', `Order ${number} has no tickets that were paid.`);
    case 'disputed':
      return refused(
        'order.disputed',
        `The bank disputes the payment of order ${number}: it cannot be given back as well.`,
      );
    case 'ticket_unknown':
      return refused('ticket.not_found', `Order ${number} has no ticket ${refusal.ticketId}.`);
    case 'ticket_ended':
      return refused(
        'ticket.already_refunded',
        `Ticket ${refusal.ticketId} was refunded or taken back before.`,
        { ticket: refusal.ticketId },
      );
    case 'more_than_left':
      return refused(
        'refund.more_than_left',
        `Of what was paid for order ${number} less is left than that.`,
        { left_cents: refusal.leftCents },
      );
    case 'not_chargeable':
      return refused('refund.amount_not_chargeable', 'Cards cannot be paid such an amount.', {
        step_cents: refusal.step,
      });
    case 'nothing_left':
      return refused('refund.nothing_left', `All of order ${number} was given back already.`);
    default:
      return refusal satisfies never;
  }
}

function refused(code: string, message: string, details?: Record<string, unknown>): AppError {
  return new AppError(code, { message, retry: 'permanent', ...(details && { details }) });
}
