import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { type CollectedSpan, type Collector, startCollector } from '#support/collector';
import { goodPassword, invitePerson, Visitor } from '#support/people';
import {
  buyer,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  sellEvent,
  setWeather,
  startWorld,
  type World,
} from '#support/world';

let collector: Collector;
let world: World;

beforeAll(async () => {
  collector = await startCollector();
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      TRACE_URL: 'https://traces.your-house.org/explore?trace={trace}',
      // Who reads the list of events may be before the webhook, and then is what the trace shows.
      RECONCILE_INTERVAL_MS: '3600000',
    },
  });
});

afterEach(async () => {
  await setWeather(world, 'resend', {});
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

async function sell(): Promise<Placed> {
  const placed = await placeOrder(world, await sellEvent(world));
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  return placed;
}

/** A span and those above it, up to the root of its trace or to where one is missing. */
function lineage(span: CollectedSpan): CollectedSpan[] {
  const parent = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span, ...(parent === undefined ? [] : lineage(parent))];
}

/** Spans of the trace of one that we wait for, once all above it and those of these services are there. */
async function traceWith(
  match: (span: CollectedSpan) => boolean,
  services: readonly string[] = [],
): Promise<CollectedSpan[]> {
  return await waitFor(
    async () => {
      const found = collector.spans.find(match);
      const spans = collector.spans.filter(({ traceId }) => traceId === found?.traceId);
      const isRooted = found && lineage(found).at(-1)?.parentSpanId === undefined;
      const isThere = (service: string) =>
        spans.some((span) => span.service === service && span.name.startsWith('pg.query'));
      return isRooted && services.every(isThere) ? spans : undefined;
    },
    { what: 'the trace to arrive at the collector' },
  );
}

test('a purchase is one trace, from the click to the mail', async () => {
  await sell();
  const isMail = (span: CollectedSpan) =>
    span.service === 'notifications' && String(span.attributes['url.path']) === '/emails';
  const services = ['checkout', 'webhook-ingest', 'ticketing', 'notifications'];
  const spans = await traceWith(isMail, services);
  const mail = spans.find(isMail);
  expect(mail && lineage(mail).map(({ service, name }) => `${service}: ${name}`)).toEqual([
    'notifications: POST',
    'notifications: process email.send',
    'ticketing: process order.settle',
    'webhook-ingest: receive checkout.session.completed',
    'checkout: POST /v1/holds/:id/checkout',
  ]);
  const stripe = spans.filter(
    ({ service, attributes }) =>
      service === 'checkout' &&
      String(attributes['url.full'] ?? attributes['http.url']).includes('/v1/checkout/sessions'),
  );
  expect(stripe.length).toBeGreaterThan(0);
});

test('the timeline of an order links to its traces, where they are looked at', async () => {
  const placed = await sell();
  const person = await invitePerson(world, 'support');
  const visitor = new Visitor(world.stack.urls.ops ?? '');
  await visitor.post(new URL(person.link).pathname, { password: goodPassword });
  const { email } = person;
  await visitor.post('/login', { email, password: goodPassword, to: '/console/orders' });
  const page = await (await visitor.get(`/console/orders/${placed.orderId}`)).text();
  const links = [...page.matchAll(/class="trace" href="([^"]*)"/g)].map(([, link = '']) => link);
  const prefix = 'https://traces.your-house.org/explore?trace=';
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !link.startsWith(prefix))).toEqual([]);
  const ids = new Set(links.map((link) => link.slice(prefix.length)));
  await waitFor(async () => collector.spans.some(({ traceId }) => ids.has(traceId)), {
    what: 'the trace that is linked',
  });
});

test('a span whose work failed is marked so, and the trace goes on', async () => {
  await setWeather(world, 'resend', { error_rate: 1 });
  await sell();
  const spans = await traceWith(({ name, isFailed }) => name === 'process email.send' && isFailed);
  await setWeather(world, 'resend', {});
  const { traceId } = spans[0] ?? {};
  await waitFor(
    async () =>
      collector.spans.some(
        (span) => span.traceId === traceId && span.name === 'process email.send' && !span.isFailed,
      ),
    { what: 'the mail to be sent within the same trace' },
  );
});

test('no span holds a name, an address or a token', async () => {
  const placed = await sell();
  const { checkout } = world.stack.urls;
  await http(`${checkout}/orders/t/${placed.orderToken}`);
  const { rows } = await world.db.pool.raw('select token_version from orders limit 1');
  expect(rows).toHaveLength(1);
  await waitFor(async () => collector.spans.some(({ name }) => name === 'GET /orders/t/:token'), {
    what: 'the page to be traced',
  });
  const all = JSON.stringify(collector.spans);
  for (const secret of [buyer.name, buyer.email, placed.orderToken, placed.holdToken]) {
    expect(all.includes(secret), `a span holds ${secret.slice(0, 6)}…`).toBe(false);
  }
});
