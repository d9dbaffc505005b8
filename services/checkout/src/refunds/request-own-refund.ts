import type { RefundRequestBody } from '@liventix/contracts/api/refund-policy';
import type { Order } from '@liventix/domain/orders';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { RefundWish } from '@liventix/domain/refunds';
import {
  type RefundTerms,
  type Share,
  sharesOf,
  termsRefusal,
} from '@liventix/domain/refunds/policy';
import { findRefundTerms } from '@liventix/domain/refunds/policy-repository';
import { refusalOf } from '@liventix/domain/refunds/refusal';
import {
  findRefundByKey,
  listRefundableTickets,
  sumOfRequest,
} from '@liventix/domain/refunds/repository';
import { previewRefund, requestRefund } from '@liventix/domain/refunds/request-repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';

export interface OwnRefund {
  readonly amountCents: number;
  readonly shares: readonly Share[];
  readonly terms: RefundTerms;
  /** Undefined while it is only looked at. */
  readonly refundId: string | undefined;
}

/**
 * What the buyer gives back by themselves, within what the event allows: looked at, or asked for when
 * there is a key. The same key and body are the same refund.
 */
export async function requestOwnRefund(
  deps: { readonly db: Database },
  request: {
    readonly orderId: string;
    readonly body: RefundRequestBody;
    readonly idempotency?: { readonly key: string; readonly requestHash: string };
    /** What the buyer was shown and agreed to; anything else changes nothing. */
    readonly agreedCents?: number;
  },
): Promise<OwnRefund> {
  const { orderId, body, idempotency, agreedCents } = request;
  return await deps.db.inTransaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order === undefined) {
      throw refused('order.not_found', 'There is no such order.');
    }
    const terms = await findRefundTerms(tx, order.eventId);
    const known = idempotency && (await findRefundByKey(tx, idempotency.key));
    if (known !== undefined) {
      if (known.requestHash !== idempotency?.requestHash) {
        throw refused('idempotency.key_reused', 'This key came with another request before.');
      }
      const amountCents = await sumOfRequest(tx, known.id);
      return { amountCents, shares: [], terms, refundId: known.id };
    }
    refuseBy(terms, order);
    const wish = await wishOf(tx, { order, body, terms });
    const preview = await previewRefund(tx, { order, wish });
    if (preview.kind !== 'refund') {
      throw refusalOf(preview, order.number);
    }
    const shares = sharesOf(preview.tickets, terms.policy, order.currency);
    const { amountCents } = preview;
    if (idempotency === undefined) {
      return { amountCents, shares, terms, refundId: undefined };
    }
    refuseUnless(agreedCents ?? amountCents, amountCents);
    const reason = 'The buyer asked for it.';
    const { to } = body;
    const requested = await requestRefund(tx, { order, wish, to, reason, idempotency });
    if (requested.kind !== 'requested') {
      throw refusalOf(requested, order.number);
    }
    return { amountCents, shares, terms, refundId: requested.refundId };
  });
}

/** Between a preview and the answer to it the policy may change, or a goodwill refund take its part. */
function refuseUnless(agreedCents: number, amountCents: number): void {
  if (agreedCents !== amountCents) {
    throw refused('refund.terms_changed', 'Another amount would be given back than was agreed to.');
  }
}

function refuseBy(terms: RefundTerms, order: Order): void {
  // Forgotten while this waited: the link that it came by opens nothing any more.
  if (order.isErased) {
    throw refused('order.not_found', 'There is no such order.');
  }
  const refusal = termsRefusal(terms);
  if (refusal === 'not_allowed') {
    throw refused(
      'refund.not_allowed',
      `The organizer takes no tickets of order ${order.number} back by itself. Write to them.`,
    );
  }
  if (refusal === 'too_late') {
    throw refused(
      'refund.too_late',
      `Tickets of order ${order.number} could be given back until ${terms.until.toISOString()}.`,
      { until: terms.until.toISOString() },
    );
  }
}

async function wishOf(
  tx: Transaction,
  of: { readonly order: Order; readonly body: RefundRequestBody; readonly terms: RefundTerms },
): Promise<RefundWish> {
  const { order, body, terms } = of;
  const { policy } = terms;
  const tickets = await listRefundableTickets(tx, { orderId: order.id, currency: order.currency });
  if (body.tickets !== undefined) {
    const wished = new Set(body.tickets);
    const passedOn = tickets.find(({ id, isPassedOn }) => isPassedOn && wished.has(id));
    if (passedOn !== undefined) {
      throw refused('ticket.passed_on', 'Somebody else holds this ticket by now.', {
        ticket: passedOn.id,
      });
    }
    return { kind: 'buyer', ticketIds: body.tickets, policy };
  }
  const ticketIds = tickets
    .filter((ticket) => ticket.status === 'valid' && !ticket.isAdmitted && !ticket.isPassedOn)
    .map(({ id }) => id);
  if (ticketIds.length === 0 && order.status === 'fulfilled') {
    throw refusalOf({ kind: 'nothing_left' }, order.number);
  }
  return { kind: 'buyer', ticketIds, policy };
}
