import { allotBody, disputeEvidence, disputeList } from '@liventix/contracts/api/refunds';
import {
  findDispute,
  type ListedDispute,
  listDisputes,
  listMailsTo,
} from '@liventix/domain/disputes/listing-repository';
import { getEvent } from '@liventix/domain/events/repository';
import { getOrder } from '@liventix/domain/orders/repository';
import { allotDispute } from '@liventix/domain/refunds/allotment-repository';
import { formatSerial } from '@liventix/domain/tickets';
import { listOrderTickets } from '@liventix/domain/tickets/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';
import { decideByHand } from '#refunds/decide-by-hand';

const params = z.object({ id: z.string().min(1).max(255) });
const tag = 'Disputes';

export function disputesRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/disputes',
    action: 'read',
    summary: 'Disputes, those to answer first',
    tag,
    answers: { 200: disputeList },
    handler: async ({ credential }) => {
      const disputes = await listDisputes(deps.db.pool, credential.organizationId);
      return { disputes: disputes.map(toView) };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/disputes/:id',
    action: 'orders.refund',
    summary: 'A dispute with what our own data say to the bank',
    description: 'For a person to send: nothing is sent by itself.',
    tag,
    params,
    answers: { 200: disputeEvidence },
    problems: ['dispute.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const dispute = await findDispute(deps.db.pool, { ...credential, disputeId: id });
      if (dispute === undefined || dispute.orderId === null) {
        throw notFound('dispute');
      }
      return { ...toView(dispute), evidence: await evidenceOf(deps, dispute.orderId) };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/disputes/:id/allot',
    action: 'orders.refund',
    summary: 'Say which tickets end with the part that was lost; the others are good again',
    tag,
    params,
    body: allotBody,
    answers: { 200: disputeList },
    problems: [
      'dispute.not_found',
      'dispute.not_open',
      'ticket.not_found',
      'ticket.already_refunded',
    ],
    handler: async ({ credential, params: { id: disputeId }, body }) => {
      const dispute = await findDispute(deps.db.pool, { ...credential, disputeId });
      if (dispute === undefined || dispute.orderId === null) {
        throw notFound('dispute');
      }
      await decideByHand(deps, credential, {
        orderId: dispute.orderId,
        about: { type: 'dispute', id: disputeId },
        verb: 'allot',
        facts: { tickets: body.tickets },
        decide: async (tx, order) =>
          await allotDispute(tx, { order, disputeId, ticketIds: body.tickets }),
      });
      const disputes = await listDisputes(deps.db.pool, credential.organizationId);
      return { disputes: disputes.map(toView) };
    },
  });
}

function toView(dispute: ListedDispute) {
  return {
    id: dispute.id,
    order: dispute.orderId,
    phase: dispute.phase,
    status: dispute.status,
    reason: dispute.reason,
    amount_cents: dispute.amountCents,
    currency: dispute.currency,
    due_by: dispute.dueBy?.toISOString() ?? null,
    created_at: dispute.createdAt.toISOString(),
  };
}

/** Under the names that Stripe gives to evidence (docs.stripe.com/api/disputes/evidence_object). */
async function evidenceOf(deps: Deps, orderId: string) {
  const order = await getOrder(deps.db.pool, orderId);
  const [event, mails, tickets] = await Promise.all([
    getEvent(deps.db.pool, order.eventId),
    listMailsTo(deps.db.pool, orderId),
    listOrderTickets(deps.db.pool, orderId),
  ]);
  const lines = order.items.map(({ quantity, tierName }) => `${quantity} × ${tierName}`);
  return {
    customer_name: order.buyerName,
    customer_email_address: order.buyerEmail,
    service_date: event.startsAt.toISOString(),
    product_description: `${event.title}, ${event.venue}: ${lines.join(', ')}`,
    customer_communication: mails.map(({ kind, status, sentAt }) => ({
      kind,
      status,
      sent_at: sentAt?.toISOString() ?? null,
    })),
    tickets: tickets.map(({ serial, tierName, status }) => ({
      serial: formatSerial(serial),
      tier: tierName,
      status,
    })),
    bought_at: order.createdAt.toISOString(),
  };
}
