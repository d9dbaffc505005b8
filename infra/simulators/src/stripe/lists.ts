import Stripe from 'stripe';
import type { StoredEvent } from './deliveries.ts';
import { invalid } from './errors.ts';
import type { EventList, Page, Range } from './params.ts';
import type { World } from './simulator.ts';

/** A page of what matched, newest first, as Stripe's cursors cut it. */
export function pageOf<Item extends { readonly id: string }>(
  newestFirst: readonly Item[],
  query: Page,
  url: string,
) {
  const { starting_after: after, ending_before: before, limit } = query;
  const place = (id: string, param: string) => {
    const index = newestFirst.findIndex((item) => item.id === id);
    if (index === -1) {
      throw invalid(`No such object: '${id}'`, { code: 'resource_missing', param });
    }
    return index;
  };
  if (before !== undefined) {
    const end = place(before, 'ending_before');
    const data = newestFirst.slice(Math.max(0, end - limit), end);
    return { object: 'list', url, has_more: end > limit, data };
  }
  const start = after === undefined ? 0 : place(after, 'starting_after') + 1;
  const data = newestFirst.slice(start, start + limit);
  return { object: 'list', url, has_more: start + limit < newestFirst.length, data };
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
  const matching = events.filter((stored) => matches(stored, query)).reverse();
  const all = matching.map(({ event }) => event);
  return pageOf(all, query, '/v1/events');
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
