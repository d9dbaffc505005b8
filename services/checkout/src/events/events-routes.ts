import { typedCode } from '@liventix/contracts/api/codes';
import {
  type EventView,
  eventKeysView,
  eventList,
  eventView,
} from '@liventix/contracts/api/events';
import { findUnlockedTiers } from '@liventix/domain/codes/access-repository';
import { listPublicKeys } from '@liventix/domain/credentials/key-repository';
import { saleWindow } from '@liventix/domain/events';
import {
  findEventBySlug,
  listEventsOnSale,
  listTiers,
  type OfferedTier,
  type SoldEvent,
} from '@liventix/domain/events/repository';
import type { RefundTerms } from '@liventix/domain/refunds/policy';
import { findRefundTerms } from '@liventix/domain/refunds/policy-repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';

const path = z.object({ slug: z.string() });
const query = z.object({ access_code: typedCode.optional() });
const pageMax = 100;

const tag = 'Events';

const list = operation({
  summary: 'What is on sale',
  description: 'Hidden tiers are there only with an `access_code` that shows them now.',
  tag,
  access: 'anyone',
  querystring: query,
  answers: { 200: eventList },
});
const read = operation({
  summary: 'One event with its tiers',
  description:
    'Hidden tiers are there only with an `access_code` that shows them now. A wrong one shows none, and is no error.',
  tag,
  access: 'anyone',
  params: path,
  querystring: query,
  answers: { 200: eventView },
  problems: ['event.not_found'],
});

const keys = operation({
  summary: 'Public keys of the codes of an event',
  description: 'Ed25519. A code names its key by `kid`; those of retired keys stay good.',
  tag,
  access: 'anyone',
  params: path,
  answers: { 200: eventKeysView },
  problems: ['event.not_found'],
});

export function eventsRoutes(app: HttpApp, deps: Deps): void {
  app.get('/v1/events', list, async (request) => {
    const events = await listEventsOnSale(deps.db.pool, pageMax);
    return { events: await viewsOf(deps, events, request.query.access_code) };
  });

  app.get('/v1/events/:slug', read, async (request) => {
    const event = await getSoldEvent(deps, request.params);
    const tiers = await shownTiers(deps, [event.id], request.query.access_code);
    const terms = await findRefundTerms(deps.db.pool, event.id);
    return { ...toEventView(event, tiers), refund_policy: toPolicyView(terms) };
  });

  app.get('/v1/events/:slug/keys', keys, async (request) => {
    return await keysOf(deps, (await getSoldEvent(deps, request.params)).id);
  });
}

/** What scanners without a network check codes with. */
async function keysOf(deps: Deps, eventId: string) {
  const keys = await listPublicKeys(deps.db.pool, eventId);
  return {
    event: eventId,
    algorithm: 'Ed25519' as const,
    keys: keys.map((key) => ({
      kid: key.kid,
      public_key: Buffer.from(key.publicKey).toString('base64url'),
      created_at: key.createdAt.toISOString(),
      retired_at: key.retiredAt?.toISOString() ?? null,
    })),
  };
}

/** A draft is nobody's business yet. */
async function getSoldEvent(deps: Deps, { slug }: { readonly slug: string }): Promise<SoldEvent> {
  const event = await findEventBySlug(deps.db.pool, slug);
  if (event === undefined || event.status === 'draft') {
    throw refused('event.not_found', `There is no event "${slug}".`);
  }
  return event;
}

/** Tiers as this visitor may see them: a hidden one only with a code that shows it. */
async function shownTiers(
  deps: Deps,
  eventIds: readonly string[],
  accessCode: string | undefined,
): Promise<OfferedTier[]> {
  const tiers = await listTiers(deps.db.pool, eventIds);
  if (!tiers.some((tier) => tier.isHidden)) {
    return tiers;
  }
  const unlocked =
    accessCode === undefined
      ? []
      : await findUnlockedTiers(deps.db.pool, { eventIds, codes: [accessCode] });
  const shown = new Set(unlocked.flatMap((code) => code.tierIds));
  return tiers.filter((tier) => !tier.isHidden || shown.has(tier.tierId));
}

async function viewsOf(
  deps: Deps,
  events: readonly SoldEvent[],
  accessCode: string | undefined,
): Promise<EventView[]> {
  const eventIds = events.map((event) => event.id);
  const tiers = await shownTiers(deps, eventIds, accessCode);
  const byEvent = Map.groupBy(tiers, (tier) => tier.eventId);
  return events.map((event) => toEventView(event, byEvent.get(event.id) ?? []));
}

function toPolicyView({ policy, until }: RefundTerms): EventView['refund_policy'] {
  return {
    allowed: policy.allowed,
    until: until.toISOString(),
    kept_percent: policy.keptPercent,
    kept_cents_per_ticket: policy.keptCentsPerTicket,
  };
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
    max_per_buyer: event.maxPerBuyer,
    refund_policy: null,
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
