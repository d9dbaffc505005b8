import type { Credential } from '@liventix/domain/access/repository';
import { listOpenIncidents } from '@liventix/domain/incidents/repository';
import type { Order } from '@liventix/domain/orders';
import { findOrder } from '@liventix/domain/orders/repository';
import { readOrderStory, searchOrders } from '@liventix/domain/orders/story-repository';
import { formatSerial } from '@liventix/domain/tickets';
import { listOrderTickets } from '@liventix/domain/tickets/repository';
import { AppError } from '@liventix/shared/errors';
import { parseRequest } from '@liventix/shared/http/parse-request';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { requestTickets } from '#orders/ensure-tickets';

const path = z.object({ id: z.uuid() });
const searchQuery = z.strictObject({ query: z.string().min(3).max(254) });

export function ordersRoutes(app: FastifyInstance, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/orders',
    action: 'read',
    handler: async (request, { organizationId }) => {
      const { query } = parseRequest(searchQuery, request.query);
      return { orders: await searchOrders(deps.db.pool, { organizationId, query }) };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/orders/:id',
    action: 'read',
    handler: async (request, credential) =>
      await storyOf(deps, await ownOrder(deps, credential, request)),
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/orders/:id/ensure-tickets',
    action: 'orders.mend',
    handler: async (request, credential, reply) => {
      const order = await ownOrder(deps, credential, request);
      await requestTickets(deps, credential, order);
      return await reply.code(202).send({ order: order.id, status: 'queued' });
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/incidents',
    action: 'read',
    handler: async (_request, { organizationId }) => ({
      incidents: await listOpenIncidents(deps.db.pool, organizationId),
    }),
  });
}

/** Another organization's order is as unknown as one that does not exist. */
async function ownOrder(
  deps: Deps,
  credential: Credential,
  request: FastifyRequest,
): Promise<Order> {
  const id = path.safeParse(request.params).data?.id;
  const order = id === undefined ? undefined : await findOrder(deps.db.pool, id);
  if (order === undefined || order.organizationId !== credential.organizationId) {
    throw new AppError('order.not_found', {
      message: 'There is no such order.',
      retry: 'permanent',
    });
  }
  return order;
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
    total_cents: order.totalCents,
    currency: order.currency,
    created_at: order.createdAt.toISOString(),
    items: order.items.map((item) => ({
      tier: item.tierId,
      name: item.tierName,
      quantity: item.quantity,
      unit_price_cents: item.unitPriceCents,
    })),
    tickets: tickets.map(({ id, serial, status }) => ({
      id,
      serial: formatSerial(serial),
      status,
    })),
    ...story,
  };
}
