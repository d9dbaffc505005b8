import { type EventView, eventList, eventView } from '@liventix/contracts/api/events';
import { saleWindow } from '@liventix/domain/events';
import {
  findEventBySlug,
  listEventsOnSale,
  listTiers,
  type OfferedTier,
  type SoldEvent,
} from '@liventix/domain/events/repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';

const path = z.object({ slug: z.string() });
const pageMax = 100;

const tag = 'Events';

const list = operation({
  summary: 'What is on sale',
  tag,
  access: 'anyone',
  answers: { 200: eventList },
});
const read = operation({
  summary: 'One event with its tiers',
  tag,
  access: 'anyone',
  params: path,
  answers: { 200: eventView },
  problems: ['event.not_found'],
});

export function eventsRoutes(app: HttpApp, deps: Deps): void {
  app.get('/v1/events', list, async () => {
    const events = await listEventsOnSale(deps.db.pool, pageMax);
    return { events: await viewsOf(deps, events) };
  });

  app.get('/v1/events/:slug', read, async (request) => {
    const event = await getSoldEvent(deps, request.params);
    return toEventView(event, await listTiers(deps.db.pool, [event.id]));
  });
}

/** A draft is nobody's business yet. */
async function getSoldEvent(deps: Deps, { slug }: { readonly slug: string }): Promise<SoldEvent> {
  const event = await findEventBySlug(deps.db.pool, slug);
  if (event === undefined || event.status === 'draft') {
    throw refused('event.not_found', `There is no event "${slug}".`);
  }
  return event;
}

async function viewsOf(deps: Deps, events: readonly SoldEvent[]): Promise<EventView[]> {
  const tiers = await listTiers(
    deps.db.pool,
    events.map((event) => event.id),
  );
  const byEvent = Map.groupBy(tiers, (tier) => tier.eventId);
  return events.map((event) => toEventView(event, byEvent.get(event.id) ?? []));
}

function toEventView(event: SoldEvent, tiers: readonly OfferedTier[]): EventView {
  const asOf = tiers[0]?.asOf ?? new Date();
  return {
    id: event.id,
    slug: event.slug,
    title: event.title,
    venue: event.venue,
    starts_at: event.startsAt.toISOString(),
    ends_at: event.endsAt.toISOString(),
    timezone: event.timezone,
    currency: event.currency,
    status: event.status,
    tiers: tiers.map((tier) => ({
      id: tier.tierId,
      name: tier.name,
      price_cents: tier.priceCents,
      min_per_order: tier.minPerOrder,
      max_per_order: tier.maxPerOrder,
      available: tier.available,
      on_sale: saleWindow(event, tier, asOf) === 'open',
    })),
    as_of: asOf.toISOString(),
  };
}
