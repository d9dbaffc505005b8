import {
  eventRefundsView,
  type RefundView,
  refundBody,
  refundList,
  refundTarget,
  refundView,
} from '@liventix/contracts/api/refunds';
import { readEventRefunds } from '@liventix/domain/refunds/event-refund-repository';
import { findListedRefund, listOrderRefunds } from '@liventix/domain/refunds/listing-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';
import { ownEvent } from '#events/own-event';
import { ownOrder } from '#orders/own-order';
import { refundOrder } from '#refunds/refund-order';
import { toRefundView } from '#refunds/refund-view';
import { retryRefund } from '#refunds/retry-refund';

const params = z.object({ id: z.uuid() });
const tag = 'Refunds';

export function refundsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/orders/:id/refunds',
    action: 'orders.refund',
    summary: 'Refund an order, tickets of it, or an amount',
    description:
      'Tickets are dead at the door at once and their seats free; the money follows, to where it came from: what a card and a wallet paid together is given back as two refunds, the second `part_of` the first. `to: wallet` makes it store credit of the buyer at once. Without `tickets` and `amount_cents` all that is left is given back; of a paid order whose tickets were never issued nothing else can be, and it is cancelled with that.',
    tag,
    idempotent: true,
    params,
    body: refundBody,
    answers: { 201: refundView },
    problems: [
      'order.not_found',
      'order.not_paid',
      'order.not_issued',
      'order.disputed',
      'ticket.not_found',
      'ticket.already_refunded',
      'ticket.admitted',
      'refund.more_than_left',
      'refund.amount_not_chargeable',
      'refund.nothing_left',
      'wallet.not_found',
      'idempotency.key_missing',
      'idempotency.key_invalid',
      'idempotency.key_reused',
    ],
    handler: async ({ credential, params: { id }, body, idempotencyKey: key }) => {
      const order = await ownOrder(deps, credential, id);
      const refundId = await refundOrder(deps, credential, { orderId: order.id, body, key });
      return await viewOf(deps, { organizationId: credential.organizationId, refundId });
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/orders/:id/refunds',
    action: 'read',
    summary: 'Refunds of an order, oldest first',
    tag,
    params,
    answers: { 200: refundList },
    problems: ['order.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const order = await ownOrder(deps, credential, id);
      const refunds = await listOrderRefunds(deps.db.pool, order.id);
      return { refunds: refunds.map(toRefundView) };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/refunds/:id/retry',
    action: 'orders.refund',
    summary: 'Give back the money of a refund that failed',
    description: 'With `?to=wallet` it becomes store credit of the buyer, which cannot fail.',
    tag,
    params,
    querystring: z.strictObject({ to: refundTarget.default('origin') }),
    answers: { 201: refundView },
    problems: ['refund.not_found', 'refund.not_failed', 'order.disputed'],
    handler: async ({ credential, params: { id }, query: { to } }) => {
      if (!params.safeParse({ id }).success) {
        throw notFound('refund');
      }
      const refundId = await retryRefund(deps, credential, { refundId: id, to });
      return await viewOf(deps, { organizationId: credential.organizationId, refundId });
    },
  });
  eventRefundsRoute(app, deps);
}

function eventRefundsRoute(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id/refunds',
    action: 'read',
    summary: 'How far the refunds of a cancelled event are',
    tag,
    params,
    answers: { 200: eventRefundsView },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      const progress = await readEventRefunds(deps.db.pool, event.id);
      const { orders, requested, submitted, succeeded, failed } = progress;
      return {
        orders,
        requested,
        submitted,
        succeeded,
        failed,
        left_orders: progress.leftOrders,
        in_review: progress.inReview,
        amount_cents: progress.amountCents,
        refunded_cents: progress.refundedCents,
        done: requested + submitted + progress.leftOrders === 0,
      };
    },
  });
}

async function viewOf(
  deps: Deps,
  of: { readonly organizationId: string; readonly refundId: string },
): Promise<RefundView> {
  const refund = await findListedRefund(deps.db.pool, of);
  if (refund === undefined) {
    throw notFound('refund');
  }
  return toRefundView(refund);
}
