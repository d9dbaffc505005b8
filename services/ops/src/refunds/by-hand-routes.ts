import { allotBody, reasonBody, refundList } from '@liventix/contracts/api/refunds';
import type { Credential } from '@liventix/domain/access/repository';
import {
  allotRefund,
  refundReviewed,
  writeOffRefund,
} from '@liventix/domain/refunds/allotment-repository';
import { findListedRefund, listOrderRefunds } from '@liventix/domain/refunds/listing-repository';
import { findOwnPayment } from '@liventix/domain/refunds/refundable-payment-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';
import { decideByHand } from '#refunds/decide-by-hand';
import { toRefundView } from '#refunds/refund-view';

const params = z.object({ id: z.uuid() });
const tag = 'Refunds';
const answers = { 200: refundList } as const;

/** What only a person can decide: each answers with all refunds of the order. */
export function byHandRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/refunds/:id/allot',
    action: 'orders.refund',
    summary: 'Say which tickets a refund was of that was made at Stripe',
    tag,
    params,
    body: allotBody,
    answers,
    problems: [
      'refund.not_found',
      'refund.not_open',
      'ticket.not_found',
      'ticket.already_refunded',
    ],
    handler: async ({ credential, params: { id: refundId }, body }) => {
      const orderId = await orderOfRefund(deps, credential, refundId);
      await decideByHand(deps, credential, {
        orderId,
        about: { type: 'refund', id: refundId },
        verb: 'allot',
        facts: { tickets: body.tickets },
        decide: async (tx, order) =>
          await allotRefund(tx, { order, refundId, ticketIds: body.tickets }),
      });
      return await refundsOf(deps, orderId);
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/refunds/:id/write-off',
    action: 'orders.refund',
    summary: 'Decide that the money of a failed refund is not paid',
    tag,
    params,
    body: reasonBody,
    answers,
    problems: ['refund.not_found', 'refund.not_open'],
    handler: async ({ credential, params: { id: refundId }, body }) => {
      const orderId = await orderOfRefund(deps, credential, refundId);
      await decideByHand(deps, credential, {
        orderId,
        about: { type: 'refund', id: refundId },
        verb: 'write_off',
        details: { reason: body.reason },
        decide: async (tx, order) => outcomeOf(await writeOffRefund(tx, { order, refundId })),
      });
      return await refundsOf(deps, orderId);
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/payments/:id/refund',
    action: 'orders.refund',
    summary: 'Give money back that does not match what was asked for',
    tag,
    params,
    body: reasonBody,
    answers,
    problems: ['payment.not_found', 'payment.not_open'],
    handler: async ({ credential, params: { id: paymentId }, body: { reason } }) => {
      const payment = await findOwnPayment(deps.db.pool, { ...credential, paymentId });
      if (payment === undefined) {
        throw notFound('payment');
      }
      const { orderId } = payment;
      await decideByHand(deps, credential, {
        orderId,
        about: { type: 'payment', id: paymentId },
        verb: 'refund',
        details: { reason },
        decide: async (tx, order) =>
          outcomeOf(await refundReviewed(tx, { order, paymentId, reason })),
      });
      return await refundsOf(deps, orderId);
    },
  });
}

function outcomeOf(isDone: boolean) {
  return { kind: isDone ? 'allotted' : 'not_open' } as const;
}

/** Another organization's refund is as unknown as one that does not exist. */
async function orderOfRefund(
  deps: Deps,
  { organizationId }: Credential,
  refundId: string,
): Promise<string> {
  const isId = params.safeParse({ id: refundId }).success;
  const found = isId
    ? await findListedRefund(deps.db.pool, { organizationId, refundId })
    : undefined;
  if (found === undefined) {
    throw notFound('refund');
  }
  return found.orderId;
}

async function refundsOf(deps: Deps, orderId: string) {
  const refunds = await listOrderRefunds(deps.db.pool, orderId);
  return { refunds: refunds.map(toRefundView) };
}
