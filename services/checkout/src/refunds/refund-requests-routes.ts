import { refundRequestBody, refundRequestView } from '@liventix/contracts/api/refund-policy';
import type { HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import type { Deps } from '#deps';
import { orderOf } from '#orders/orders-routes';
import { requestOwnRefund } from '#refunds/request-own-refund';

const request = operation({
  summary: 'Give tickets back, within what the event allows',
  description:
    'With `commit: false` it only says what would be given back and what is kept. With `commit: true` the tickets are dead at the door at once, and the money follows to where it came from, or with `to: wallet` is store credit at once; that needs an `Idempotency-Key`.',
  tag: 'Orders',
  access: 'order_token',
  params: z.object({ id: z.uuid() }),
  body: refundRequestBody,
  answers: { 200: refundRequestView },
  problems: [
    'order.not_found',
    'order.not_paid',
    'order.disputed',
    'ticket.not_found',
    'ticket.already_refunded',
    'ticket.admitted',
    'ticket.passed_on',
    'refund.not_allowed',
    'refund.too_late',
    'refund.more_than_left',
    'refund.nothing_left',
    'wallet.not_found',
    'idempotency.key_missing',
    'idempotency.key_invalid',
    'idempotency.key_reused',
  ],
});

/** What a buyer may do about money without writing to anyone. */
export function refundRequestsRoutes(app: HttpApp, deps: Deps): void {
  app.post('/v1/orders/:id/refund-requests', request, async (asked) => {
    const { body } = asked;
    const key = body.commit ? idempotencyKeyOf(asked) : undefined;
    const order = await orderOf(deps, asked);
    const hash = requestHash({ order: order.id, ...body });
    const found = await requestOwnRefund(deps, {
      orderId: order.id,
      body,
      ...(key !== undefined && { idempotency: { key, requestHash: hash } }),
    });
    const { amountCents, shares, terms, refundId } = found;
    return {
      committed: refundId !== undefined,
      currency: order.currency,
      amount_cents: amountCents,
      kept_cents: shares.reduce((sum, { keptCents }) => sum + keptCents, 0),
      until: terms.until.toISOString(),
      tickets: shares.map((share) => ({
        id: share.ticketId,
        paid_cents: share.paidCents,
        kept_cents: share.keptCents,
        back_cents: share.backCents,
      })),
      refund: refundId ?? null,
    };
  });
}
