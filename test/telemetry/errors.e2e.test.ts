import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Collector, startCollector } from '#support/collector';
import { type ErrorSink, type ReportedError, startErrorSink } from '#support/error-sink';
import { http, placeHold, sellEvent, startWorld, type World } from '#support/world';

/** Whose order it is that breaks. */
const canary = { name: 'Zaphira Quexley', email: 'zaphira.quexley@liventix.test' };

let sink: ErrorSink;
let collector: Collector;
let world: World;

beforeAll(async () => {
  sink = await startErrorSink();
  collector = await startCollector();
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: {
      SENTRY_DSN: sink.dsn,
      SENTRY_RELEASE: 'liventix@test',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

async function reported(group: string): Promise<ReportedError> {
  return await waitFor(
    async () => sink.events.find(({ fingerprint }) => fingerprint[0] === group),
    { what: `${group} to be reported` },
  );
}

/** From now on no order can be written, for a reason that names its buyer. */
async function breakOrders(): Promise<void> {
  await world.db.pool.raw(
    `create function break_orders() returns trigger language plpgsql as $$
       begin raise exception 'no seat for % <%>', new.buyer_name, new.buyer_email; end $$`,
  );
  await world.db.pool.raw(
    'create trigger break_orders before insert on orders for each row execute function break_orders()',
  );
}

test('a route and a job that break are told once each, by their code, and of nobody', async () => {
  const hold = await placeHold(world, await sellEvent(world));
  await breakOrders();
  const broken = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: crypto.randomUUID(),
    headers: { cookie: `name=${canary.name}` },
    body: { buyer: canary },
  });
  expect([broken.status, broken.body.code]).toEqual([500, 'internal.error']);
  const messageId = await world.db.inTransaction(
    async (tx) => await enqueue(tx, 'email.track', { eventId: canary.email }),
  );
  const route = await reported('P0001');
  const job = await reported('resend_event.not_found');
  expect(route).toMatchObject({
    level: 'error',
    release: 'liventix@test',
    fingerprint: ['P0001'],
    tags: {
      service: 'checkout',
      code: 'P0001',
      method: 'POST',
      route: '/v1/holds/:id/checkout',
      requestId: expect.any(String),
    },
  });
  expect(job).toMatchObject({
    fingerprint: ['resend_event.not_found'],
    tags: { service: 'notifications', jobName: 'email.track', jobId: messageId },
  });
  const traceId = route.contexts.trace?.trace_id;
  await waitFor(async () => collector.spans.some((span) => span.traceId === traceId), {
    what: 'the trace that the report names',
  });
  // Whatever was under way is sent before a process ends.
  await world.stack[Symbol.asyncDispose]();
  expect(sink.events.map(({ fingerprint }) => fingerprint)).toHaveLength(2);
  expect(sink.raw.join('\n').toLowerCase()).not.toMatch(/zaphira|quexley/);
  expect(sink.raw.join('\n')).not.toContain(hold.body.token);
  expect(sink.raw.join('\n')).not.toMatch(/"(user|request|breadcrumbs|server_name|vars)"/);
  const ofReports = collector.spans.filter((span) =>
    JSON.stringify(span.attributes).includes('/envelope'),
  );
  expect(ofReports).toEqual([]);
});
