import { foundOrders, orderStory, queuedView } from '@liventix/contracts/api/admin';
import { addressBody } from '@liventix/contracts/api/orders';
import { custodyView } from '@liventix/contracts/api/transfers';
import type { Order } from '@liventix/domain/orders';
import { searchOrders } from '@liventix/domain/orders/search-repository';
import { readOrderStory } from '@liventix/domain/orders/story-repository';
import { formatSerial } from '@liventix/domain/tickets';
import { listOrderTickets } from '@liventix/domain/tickets/repository';
import { listOrderTransfers, type Transfer } from '@liventix/domain/transfers/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { correctAddress } from '#orders/correct-address';
import { requestTickets } from '#orders/ensure-tickets';
import { ownOrder } from '#orders/own-order';
import { resendConfirmation } from '#orders/resend-confirmation';

const params = z.object({ id: z.uuid() });
const searchQuery = z.strictObject({ query: z.string().trim().min(1).max(254) });
const tag = 'Orders';

export function ordersRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/orders',
    action: 'read',
    summary: 'Find orders',
    description:
      'By number, id, the address or words of the name of who bought or holds a ticket, the serial of a ticket, or an id of Stripe. The newest first, 50 at most, and whether there are more; of a name that very many have, those 50 need not be the newest. Words of a name may be how it begins; where as many have them as they are, those alone are found.',
    tag,
    querystring: searchQuery,
    answers: { 200: foundOrders },
    handler: async ({ credential: { organizationId }, query: { query } }) => {
      const { orders, isCut } = await searchOrders(deps.db.pool, { organizationId, query });
      return {
        is_cut: isCut,
        orders: orders.map(({ created_at, ...order }) => ({
          ...order,
          created_at: created_at.toISOString(),
        })),
      };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/orders/:id',
    action: 'read',
    summary: 'The whole story of an order',
    tag,
    params,
    answers: { 200: orderStory },
    problems: ['order.not_found'],
    handler: async ({ credential, params: { id } }) =>
      await storyOf(deps, await ownOrder(deps, credential, id)),
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/orders/:id/transfers',
    action: 'read',
    summary: 'Who held the tickets of an order, one after the other',
    tag,
    params,
    answers: { 200: custodyView },
    problems: ['order.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const order = await ownOrder(deps, credential, id);
      const transfers = await listOrderTransfers(deps.db.pool, order.id);
      return { transfers: transfers.map(toCustody) };
    },
  });
  mendingRoutes(app, deps);
}

function mendingRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/orders/:id/ensure-tickets',
    action: 'orders.mend',
    summary: 'Finish an order',
    description: 'A paid order gets its tickets; an unpaid one is settled by what Stripe says.',
    tag,
    params,
    answers: { 202: queuedView },
    problems: ['order.not_found', 'order.not_paid'],
    handler: async ({ credential, params: { id } }) => {
      const order = await ownOrder(deps, credential, id);
      await requestTickets(deps, credential, order);
      return { order: order.id, status: 'queued' as const };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/orders/:id/correct-address',
    action: 'orders.mend',
    summary: 'Give an order another address, and mail its tickets there',
    description: 'Repeating it with the address that the order has by now mails nothing.',
    tag,
    params,
    body: addressBody,
    answers: { 202: queuedView },
    problems: ['order.not_found', 'order.erased', 'email.too_many'],
    handler: async ({ credential, params: { id }, body: { email } }) => {
      const order = await ownOrder(deps, credential, id);
      await correctAddress(deps, credential, { orderId: order.id, email });
      return { order: order.id, status: 'queued' as const };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/orders/:id/resend-confirmation',
    idempotent: 'optional',
    action: 'orders.mend',
    summary: 'Mail the tickets again, to the address of the order',
    description: 'Under an idempotency key that was seen before nothing is mailed.',
    tag,
    params,
    answers: { 202: queuedView },
    problems: ['order.not_found', 'order.erased', 'order.not_paid', 'email.too_many'],
    handler: async ({ credential, params: { id }, idempotencyKey }) => {
      const order = await ownOrder(deps, credential, id);
      const key = idempotencyKey === '' ? undefined : idempotencyKey;
      await resendConfirmation(deps, credential, { order, key });
      return { order: order.id, status: 'queued' as const };
    },
  });
}

function toCustody(transfer: Transfer) {
  return {
    id: transfer.id,
    ticket: transfer.ticketId,
    state: transfer.state,
    from_name: transfer.fromName,
    to_name: transfer.toName,
    to_email: transfer.toEmail,
    created_at: transfer.createdAt.toISOString(),
    ended_at: transfer.endedAt?.toISOString() ?? null,
  };
}

async function storyOf(deps: Deps, order: Order) {
  const [tickets, story] = await Promise.all([
    listOrderTickets(deps.db.pool, order.id),
    readOrderStory(deps.db.pool, order.id),
  ]);
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    buyer: { name: order.buyerName, email: order.buyerEmail },
    promo_code: order.promo?.code ?? null,
    discount_cents: order.discountCents,
    total_cents: order.totalCents,
    currency: order.currency,
    created_at: order.createdAt.toISOString(),
    items: order.items.map((item) => ({
      tier: item.tierId,
      name: item.tierName,
      quantity: item.quantity,
      unit_price_cents: item.unitPriceCents,
      discount_cents: item.discountCents,
    })),
    tickets: tickets.map(({ id, serial, status }) => ({
      id,
      serial: formatSerial(serial),
      status,
    })),
    ...story,
  };
}
