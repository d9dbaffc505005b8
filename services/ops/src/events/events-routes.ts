import {
  adminEventList,
  adminEventView,
  buyerLimitBody,
  capacityBody,
  eventDetailsBody,
  reminderBody,
} from '@liventix/contracts/api/admin';
import { createEventBody } from '@liventix/contracts/api/events';
import { refundPolicyBody } from '@liventix/contracts/api/refund-policy';
import { transferPolicyBody, transferPolicyView } from '@liventix/contracts/api/transfers';
import type { Credential } from '@liventix/domain/access/repository';
import type { SoldEvent } from '@liventix/domain/events/repository';
import { findEventOf, listEventsOf, readSale } from '@liventix/domain/events/sale-repository';
import { findTransferTerms } from '@liventix/domain/transfers/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { changeDetails, changeReminder } from '#events/change-details';
import {
  changeBuyerLimit,
  changeCapacity,
  changeRefundPolicy,
  changeTierSale,
  changeTransferPolicy,
  moveEvent,
} from '#events/change-sale';
import { createEvent } from '#events/create-event';
import { ownEvent } from '#events/own-event';

const params = z.object({ id: z.uuid() });
const tag = 'Events';
const answers = { 200: adminEventView } as const;

const moves = [
  { verb: 'publish', summary: 'Put an event on sale' },
  { verb: 'close', summary: 'End the sale; tickets stay good' },
  { verb: 'cancel', summary: 'Cancel an event; later money is owed back' },
] as const;

export function eventsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events',
    action: 'events.write',
    summary: 'Make a draft with its tiers and pools',
    tag,
    body: createEventBody,
    answers: { 201: adminEventView },
    problems: [
      'event.slug_taken',
      'event.times_invalid',
      'event.timezone_unknown',
      'event.price_not_chargeable',
      'event.tier_repeated',
      'event.pool_tier_unknown',
    ],
    handler: async ({ credential, body }) =>
      await viewOf(deps, credential, await createEvent(deps, credential, body)),
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events',
    action: 'events.read',
    summary: 'Events of the organization',
    tag,
    answers: { 200: adminEventList },
    handler: async ({ credential }) => {
      const events = await listEventsOf(deps.db.pool, credential.organizationId);
      return {
        events: events.map(({ startsAt, endsAt, ...event }) => ({
          ...event,
          starts_at: startsAt.toISOString(),
          ends_at: endsAt.toISOString(),
        })),
      };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id',
    action: 'events.read',
    summary: 'An event with its counters',
    tag,
    params,
    answers,
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => await viewOf(deps, credential, id),
  });
  for (const { verb, summary } of moves) {
    guarded(app, deps, {
      method: 'POST',
      url: `/admin/v1/events/:id/${verb}`,
      action: 'events.write',
      summary,
      tag,
      params,
      answers,
      problems: ['event.not_found', 'event.state_conflict'],
      handler: async ({ credential, params: { id } }) => {
        const event = await ownEvent(deps, credential, id);
        await moveEvent(deps, credential, { eventId: event.id, verb });
        return await viewOf(deps, credential, event.id);
      },
    });
  }
  detailRoutes(app, deps);
  saleRoutes(app, deps);
  policyRoutes(app, deps);
}

/** What everybody who comes is told. */
function detailRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/events/:id/details',
    action: 'events.write',
    summary: 'Change what an event is, where and when; everybody with a ticket is told',
    tag,
    params,
    body: eventDetailsBody,
    answers,
    problems: ['event.not_found', 'event.times_invalid', 'event.state_conflict'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const { title, venue, notify } = body;
      const [startsAt, endsAt] = [new Date(body.starts_at), new Date(body.ends_at)];
      const details = { title, venue, startsAt, endsAt };
      await changeDetails(deps, credential, { eventId: event.id, details, notify });
      return await viewOf(deps, credential, event.id);
    },
  });
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/events/:id/reminder',
    action: 'events.write',
    summary: 'Change how long before the beginning people are reminded',
    tag,
    params,
    body: reminderBody,
    answers,
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const change = { eventId: event.id, hoursBefore: body.hours_before };
      await changeReminder(deps, credential, change);
      return await viewOf(deps, credential, event.id);
    },
  });
}

function saleRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/events/:id/buyer-limit',
    action: 'events.write',
    summary: 'Change how many tickets one buyer may have, in all orders together',
    tag,
    params,
    body: buyerLimitBody,
    answers,
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const { max_per_buyer: maxPerBuyer } = body;
      await changeBuyerLimit(deps, credential, { eventId: event.id, maxPerBuyer });
      return await viewOf(deps, credential, event.id);
    },
  });
  for (const [name, table] of [
    ['tiers', 'ticket_tiers'],
    ['pools', 'capacity_pools'],
  ] as const) {
    guarded(app, deps, {
      method: 'PUT',
      url: `/admin/v1/${name}/:id/capacity`,
      action: 'events.write',
      summary: `Change how many the ${name.slice(0, -1)} may sell`,
      tag,
      params,
      body: capacityBody,
      answers,
      problems: ['event.not_found', 'inventory.below_taken'],
      handler: async ({ credential, params: { id }, body }) => {
        const event = await eventOf(deps, credential, { table, id });
        await changeCapacity(deps, credential, { table, id, capacity: body.capacity });
        return await viewOf(deps, credential, event.id);
      },
    });
  }
  for (const [verb, closed] of [
    ['close', true],
    ['reopen', false],
  ] as const) {
    guarded(app, deps, {
      method: 'POST',
      url: `/admin/v1/tiers/:id/${verb}`,
      action: 'events.write',
      summary: closed ? 'End the sale of one tier' : 'Resume the sale of one tier',
      tag,
      params,
      answers,
      problems: ['event.not_found'],
      handler: async ({ credential, params: { id } }) => {
        const event = await eventOf(deps, credential, { table: 'ticket_tiers', id });
        await changeTierSale(deps, credential, { tierId: id, closed });
        return await viewOf(deps, credential, event.id);
      },
    });
  }
}

/** What holders may do by themselves. */
function policyRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/events/:id/refund-policy',
    action: 'events.write',
    summary: 'Change what buyers may give back by themselves',
    tag,
    params,
    body: refundPolicyBody,
    answers,
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const policy = {
        allowed: body.allowed,
        untilHoursBeforeStart: body.until_hours_before_start,
        keptPercent: body.kept_percent,
        keptCentsPerTicket: body.kept_cents_per_ticket,
      };
      await changeRefundPolicy(deps, credential, { eventId: event.id, policy });
      return await viewOf(deps, credential, event.id);
    },
  });
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/events/:id/transfer-policy',
    action: 'events.write',
    summary:
      'Change whether holders may pass tickets on or give them back, until when and how often',
    tag,
    params,
    body: transferPolicyBody,
    answers: { 200: transferPolicyView },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const policy = {
        allowed: body.allowed,
        untilHoursBeforeStart: body.until_hours_before_start,
        maxPerTicket: body.max_per_ticket,
        returnsAllowed: body.returns_allowed,
      };
      await changeTransferPolicy(deps, credential, { eventId: event.id, policy });
      const terms = await findTransferTerms(deps.db.pool, event.id);
      return {
        allowed: terms.policy.allowed,
        until: terms.until.toISOString(),
        max_per_ticket: terms.policy.maxPerTicket,
        returns_allowed: terms.policy.returnsAllowed,
      };
    },
  });
}

async function eventOf(
  deps: Deps,
  credential: Credential,
  what: { readonly table: 'ticket_tiers' | 'capacity_pools'; readonly id: string },
): Promise<SoldEvent> {
  const isId = z.uuid().safeParse(what.id).success;
  const eventId = isId ? await findEventOf(deps.db.pool, what) : undefined;
  return await ownEvent(deps, credential, eventId);
}

async function viewOf(deps: Deps, credential: Credential, eventId: string) {
  const event = await ownEvent(deps, credential, eventId);
  const { tiers, pools } = await readSale(deps.db.pool, event.id);
  return {
    id: event.id,
    slug: event.slug,
    title: event.title,
    status: event.status,
    currency: event.currency,
    venue: event.venue,
    starts_at: event.startsAt.toISOString(),
    ends_at: event.endsAt.toISOString(),
    max_per_buyer: event.maxPerBuyer,
    reminder_hours_before: event.reminderHours,
    tiers: [...tiers],
    pools: [...pools],
  };
}
