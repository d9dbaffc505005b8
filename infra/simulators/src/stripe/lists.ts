import Stripe from 'stripe';
import type { StoredEvent } from './deliveries.ts';
import { invalid } from './errors.ts';
import type { EventList, Page, Range } from './params.ts';
import type { World } from './simulator.ts';

interface Listing<Item> {
  readonly query: Page;
  readonly url: string;
  readonly matches: (item: Item) => boolean;
}

/**
 * A page of what matches, newest first, as Stripe's cursors cut it. A cursor holds its place though
 * what it names matches no longer: an event is delivered, a session expires between two pages.
 */
export function pageOf<Item>(
  oldestFirst: readonly Item[],
  { query, url, matches }: Listing<Item>,
  idOf: (item: Item) => string,
) {
  const { starting_after: after, ending_before: before, limit } = query;
  if (after !== undefined && before !== undefined) {
    throw invalid('You may only specify one of these parameters: starting_after, ending_before.');
  }
  const place = (id: string, param: string) => {
    const index = oldestFirst.findLastIndex((item) => idOf(item) === id);
    if (index === -1) {
      throw invalid(`No such object: '${id}'`, { code: 'resource_missing', param });
    }
    return index;
  };
  const isBackward = before === undefined;
  const start = isBackward
    ? (after === undefined ? oldestFirst.length : place(after, 'starting_after')) - 1
    : place(before, 'ending_before') + 1;
  // One more than fits tells whether there are more; the rest of a long list is not looked at.
  const found: Item[] = [];
  for (let index = start; found.length <= limit; index += isBackward ? -1 : 1) {
    const item = oldestFirst[index];
    if (item === undefined) {
      break;
    }
    if (matches(item)) {
      found.push(item);
    }
  }
  const data = found.slice(0, limit);
  return {
    object: 'list',
    url,
    has_more: found.length > limit,
    data: isBackward ? data : data.reverse(),
  };
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
  const listing = {
    query,
    url: '/v1/events',
    matches: (stored: StoredEvent) => matches(stored, query),
  };
  const page = pageOf(events, listing, ({ event }) => event.id);
  return { ...page, data: page.data.map(({ event }) => event) };
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
