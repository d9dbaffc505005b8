import { createEventBody } from '@liventix/contracts/api/events';
import type { Credential } from '@liventix/domain/access/repository';
import { findEvent, listTiers, type SoldEvent } from '@liventix/domain/events/repository';
import { AppError } from '@liventix/shared/errors';
import { parseRequest } from '@liventix/shared/http/parse-request';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { createEvent, putOnSale } from '#events/create-event';

const path = z.object({ id: z.uuid() });

export function eventsRoutes(app: FastifyInstance, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events',
    action: 'events.write',
    handler: async (request, credential, reply) => {
      const body = parseRequest(createEventBody, request.body);
      const eventId = await createEvent(deps, credential, body);
      return await reply
        .code(201)
        .send(await viewOf(deps, await ownEvent(deps, credential, eventId)));
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id',
    action: 'read',
    handler: async (request, credential) =>
      await viewOf(deps, await ownEvent(deps, credential, idOf(request))),
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events/:id/publish',
    action: 'events.write',
    handler: async (request, credential) => {
      const event = await ownEvent(deps, credential, idOf(request));
      await putOnSale(deps, credential, event.id);
      return await viewOf(deps, await ownEvent(deps, credential, event.id));
    },
  });
}

function idOf(request: FastifyRequest): string {
  return path.safeParse(request.params).data?.id ?? '';
}

/** Another organization's event is as unknown as one that does not exist. */
async function ownEvent(deps: Deps, credential: Credential, eventId: string): Promise<SoldEvent> {
  const event = eventId === '' ? undefined : await findEvent(deps.db.pool, eventId);
  if (event === undefined || event.organizationId !== credential.organizationId) {
    throw new AppError('event.not_found', {
      message: 'There is no such event.',
      retry: 'permanent',
    });
  }
  return event;
}

async function viewOf(deps: Deps, event: SoldEvent) {
  const tiers = await listTiers(deps.db.pool, [event.id]);
  return {
    id: event.id,
    slug: event.slug,
    title: event.title,
    status: event.status,
    currency: event.currency,
    starts_at: event.startsAt.toISOString(),
    ends_at: event.endsAt.toISOString(),
    tiers: tiers.map((tier) => ({
      id: tier.tierId,
      name: tier.name,
      price_cents: tier.priceCents,
      capacity: tier.capacity,
      available: tier.available,
    })),
  };
}
