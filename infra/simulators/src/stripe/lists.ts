import Stripe from 'stripe';
import type { StoredEvent } from './deliveries.ts';
import { invalid } from './errors.ts';
import type { EventList, Page, Range } from './params.ts';
import type { World } from './simulator.ts';

/**
 * A page of what matches, newest first, as Stripe's cursors cut it. A cursor holds its place though
 * what it names matches no longer: an event is delivered, a session expires between two pages.
 */
export function pageOf<Item extends { readonly id: string }>(
  newestFirst: readonly Item[],
  how: {
    readonly query: Page;
    readonly url: string;
    readonly matches: (item: Item) => boolean;
  },
) {
  const { query, url, matches } = how;
  const { starting_after: after, ending_before: before, limit } = query;
  if (after !== undefined && before !== undefined) {
    throw invalid('You may only specify one of these parameters: starting_after, ending_before.');
  }
  const place = (id: string, param: string) => {
    const index = newestFirst.findIndex((item) => item.id === id);
    if (index === -1) {
      throw invalid(`No such object: '${id}'`, { code: 'resource_missing', param });
    }
    return index;
  };
  if (before !== undefined) {
    const newer = newestFirst.slice(0, place(before, 'ending_before')).filter(matches);
    return { object: 'list', url, has_more: newer.length > limit, data: newer.slice(-limit) };
  }
  const start = after === undefined ? 0 : place(after, 'starting_after') + 1;
  const older = newestFirst.slice(start).filter(matches);
  return { object: 'list', url, has_more: older.length > limit, data: older.slice(0, limit) };
}

/** Whether a time in seconds lies in the range asked for; a number asks for that second. */
export function isWithin(seconds: number, range: Range | undefined): boolean {
  if (range === undefined || typeof range === 'number') {
    return range === undefined || seconds === range;
  }
  return (
    seconds >= (range.gte ?? 0) &&
    seconds > (range.gt ?? -1) &&
    seconds <= (range.lte ?? Number.MAX_SAFE_INTEGER) &&
    seconds < (range.lt ?? Number.MAX_SAFE_INTEGER)
  );
}

export function listEvents(events: readonly StoredEvent[], query: EventList) {
  if (query.type !== undefined && query.types !== undefined) {
    throw invalid('You may only specify one of these parameters: type, types.');
  }
  const matching = new Set(
    events.filter((stored) => matches(stored, query)).map(({ event }) => event.id),
  );
  return pageOf(events.map(({ event }) => event).reverse(), {
    query,
    url: '/v1/events',
    matches: ({ id }) => matching.has(id),
  });
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

function matches({ event, pending }: StoredEvent, query: EventList): boolean {
  const { created, type, types, delivery_success: success } = query;
  return (
    (type === undefined || event.type === type || isOfFamily(event.type, type)) &&
    (types === undefined || types.includes(event.type)) &&
    (success === undefined || (pending.size === 0) === success) &&
    isWithin(event.created, created)
  );
}

/** `charge.*` asks for every event that begins so (docs.stripe.com/api/events/list). */
function isOfFamily(type: string, asked: string): boolean {
  return asked.endsWith('.*') && type.startsWith(asked.slice(0, -1));
}
