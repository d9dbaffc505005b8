import { availabilityView } from '@liventix/contracts/api/events';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { createAvailabilityHub } from './availability-hub.ts';
import { readAvailability } from './read-availability.ts';

const params = z.object({ slug: z.string() });
const ofEvent = { params, tag: 'Events', access: 'anyone' } as const;

const read = operation({
  ...ofEvent,
  summary: 'How many tickets are left, by tier',
  description: 'Hidden tiers are never there: read the event with its `access_code`.',
  answers: { 200: availabilityView },
  problems: ['event.not_found'],
});

const stream = operation({
  ...ofEvent,
  summary: 'The same as a stream, from now on',
  description:
    'Server-sent events named `availability`, whose data is the JSON of `…/availability`: the whole of it at once, and again after a change, at most four times a second. An `id` says which state it was: a client that comes back with it as `Last-Event-ID`, to any instance, hears nothing until something changes. Browsers do all of that in `new EventSource(url)`; when one is refused (429, 503) it gives up, and the page should read `…/availability` and try again later.',
  answers: {},
  media: ['text/event-stream'],
  problems: ['event.not_found', 'stream.too_many', 'stream.unavailable'],
});

export function availabilityRoutes(app: HttpApp, deps: Deps): void {
  const hub = createAvailabilityHub(deps);
  // Before connections are closed: each stream ends as complete, and its client goes elsewhere.
  app.addHook('preClose', async () => await hub.close());

  app.get('/v1/events/:slug/availability', read, async (request) => {
    const { slug } = request.params;
    return (await readAvailability(deps, slug)) ?? unknown(slug);
  });

  app.get('/v1/events/:slug/availability/stream', stream, async (request, reply) => {
    const { slug } = request.params;
    return (await hub.join(slug, request, reply)) ? reply : unknown(slug);
  });
}

function unknown(slug: string): never {
  throw refused('event.not_found', `There is no event "${slug}".`);
}
