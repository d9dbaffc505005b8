import Stripe from 'stripe';
import type { StoredEvent } from './deliveries.ts';
import type { EventList } from './params.ts';
import type { World } from './simulator.ts';

/** A page of events, newest first, as Stripe's cursors cut it. */
export function listEvents(events: readonly StoredEvent[], query: EventList) {
  const matching = events.filter((stored) => matches(stored, query)).reverse();
  const ids = matching.map(({ event }) => event.id);
  const { starting_after: after, ending_before: before, limit } = query;
  const start = after === undefined ? 0 : ids.indexOf(after) + 1;
  const page =
    before === undefined
      ? matching.slice(start, start + limit)
      : matching.slice(Math.max(0, ids.indexOf(before) - limit), Math.max(0, ids.indexOf(before)));
  const hasMore =
    before === undefined ? start + limit < matching.length : ids.indexOf(before) > limit;
  return {
    object: 'list',
    url: '/v1/events',
    has_more: hasMore,
    data: page.map(({ event }) => event),
  };
}

/** The endpoints this simulator delivers to, as an account's list shows them. */
export function listEndpoints(world: World, page: { readonly limit: number }) {
  const data = world.options.webhooks.slice(0, page.limit).map(
    ({ url }, index): Stripe.WebhookEndpoint => ({
      id: `we_simulated_${index + 1}`,
      object: 'webhook_endpoint',
      api_version: Stripe.API_VERSION,
      application: null,
      created: 0,
      description: null,
      enabled_events: ['*'],
      livemode: false,
      metadata: {},
      status: 'enabled',
      url,
    }),
  );
  return { object: 'list', url: '/v1/webhook_endpoints', has_more: false, data };
}

function matches({ event, delivered }: StoredEvent, query: EventList): boolean {
  const { created, type, types, delivery_success: success } = query;
  return (
    (type === undefined || event.type === type) &&
    (types === undefined || types.includes(event.type)) &&
    (success === undefined || delivered === success) &&
    event.created >= (created?.gte ?? 0) &&
    event.created > (created?.gt ?? -1) &&
    event.created <= (created?.lte ?? Number.MAX_SAFE_INTEGER) &&
    event.created < (created?.lt ?? Number.MAX_SAFE_INTEGER)
  );
}
