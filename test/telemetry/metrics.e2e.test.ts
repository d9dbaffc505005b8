import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadAlerts, loadDashboards, metricsOf, wantedMetrics } from '#support/alerts';
import { groupedBy, labelsAsked } from '#support/promql';
import {
  http,
  orderBecomes,
  pay,
  placeHold,
  placeOrder,
  sellEvent,
  setWeather,
  startWorld,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: {
      SIGNALS_INTERVAL_MS: '500',
      MAIL_WATCH_INTERVAL_MS: '500',
      AUDIT_INTERVAL_MS: '1000',
    },
  });
});
afterAll(async () => await world[Symbol.asyncDispose]());

async function metrics(service: string): Promise<string> {
  return (await http(`${world.stack.addresses[service]}/metrics`)).text;
}

/** How many calls to a provider came to this, of a service. */
async function calls(service: string, provider: string, outcome: string): Promise<number> {
  const labels = `{provider="${provider}",outcome="${outcome}"}`;
  const text = await metrics(service);
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`provider_call_duration_seconds_count${labels}`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** The value of one series of a service, by its name and labels. */
async function value(service: string, series: string): Promise<number | undefined> {
  const line = (await metrics(service)).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

// First, before anything has happened: a series that begins at one never increases.
test('what somebody must hear of at once is counted from zero', async () => {
  const guards = ['ticket_tiers_never_oversold', 'capacity_pools_never_oversold'];
  for (const service of ['checkout', 'ticketing', 'ops', 'inventory-sweeper', 'refunds']) {
    for (const guard of guards) {
      const series = `constraint_refusals_total{constraint="${guard}"}`;
      expect(await value(service, series), `${service}: ${guard}`).toBe(0);
    }
  }
  for (const code of ['webhook.too_old', 'webhook.signature_invalid']) {
    expect(await value('webhook-ingest', `http_problems_total{code="${code}"}`), code).toBe(0);
  }
  const callers = [
    ...['checkout', 'ticketing', 'refunds', 'inventory-sweeper'].map((name) => [name, 'stripe']),
    ['notifications', 'resend'],
  ] as const;
  for (const [service = '', provider] of callers) {
    for (const outcome of ['ok', 'refused', 'limited', 'failed', 'no_answer']) {
      const labels = `{provider="${provider}",outcome="${outcome}"}`;
      const found = await value(service, `provider_call_duration_seconds_count${labels}`);
      expect(found, `${service}: ${provider} ${outcome}`).toBeDefined();
    }
  }
});

test('calls to providers are counted by what came of them', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  expect(await calls('checkout', 'stripe', 'ok')).toBeGreaterThan(0);
  await waitFor(async () => (await calls('notifications', 'resend', 'ok')) > 0, {
    what: 'the confirmation to be counted',
    timeoutMs: 60_000,
  });
  await setWeather(world, 'stripe', { down: true });
  const hold = await placeHold(world, event);
  await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: crypto.randomUUID(),
    body: { buyer: { name: 'Ada', email: 'delivered@resend.dev' } },
  });
  await setWeather(world, 'stripe', {});
  expect(await calls('checkout', 'stripe', 'failed')).toBeGreaterThan(0);
});

test('holds that end are counted by why, and requests by the service that answered', async () => {
  const event = await sellEvent(world);
  const [given, expired] = [await placeHold(world, event), await placeHold(world, event)];
  // As the cancelling of an event leaves it to the sweep.
  await world.db.pool.raw('update ticket_holds set release_requested_at = now() where id = :id', {
    id: given.body.id,
  });
  await world.db.pool.raw(
    `update ticket_holds set created_at = now() - interval '20 minutes',
            expires_at = now() - interval '1 minute' where id = :id`,
    { id: expired.body.id },
  );
  await waitFor(
    async () =>
      (await value('inventory-sweeper', 'holds_ended_total{why="expired"}')) === 1 &&
      (await value('inventory-sweeper', 'holds_ended_total{why="given_back"}')) === 1,
    { what: 'both to be counted', timeoutMs: 60_000 },
  );
  const labels = '{service="checkout",method="POST",route="/v1/holds",status="201"}';
  const held = await value('checkout', `http_request_duration_seconds_count${labels}`);
  expect(held).toBeGreaterThanOrEqual(2);
});

test('an event is counted by provider and type with the time to its end', async () => {
  const labels = '{provider="stripe",type="checkout.session.completed"}';
  const seconds = await waitFor(
    async () => await value('ticketing', `webhook_processing_seconds_sum${labels}`),
    { what: 'the event of the sale above' },
  );
  expect(seconds).toBeGreaterThan(0);
  // A job is counted once it has ended, which is after what it did was.
  const jobs = async () =>
    await value('ticketing', 'job_attempts_count{job="order.settle",outcome="done"}');
  await waitFor(async () => (await jobs()) !== undefined, { what: 'its job to be counted' });
  expect(await jobs()).toBe(1);
});

test('whatever an alert or a dashboard asks for, a service that runs exports', async () => {
  const services = Object.keys(world.stack.addresses).filter(
    (name) => name !== 'stripe' && name !== 'resend',
  );
  const wanted = wantedMetrics();
  const missing = async () => {
    const exported = (await Promise.all(services.map(metrics))).join('\n');
    return [...wanted].filter((name) => !exported.includes(`# TYPE ${name} `));
  };
  expect(wanted.size).toBeGreaterThan(30);
  await waitFor(async () => (await missing()).length === 0, {
    what: `all of ${[...wanted].join(', ')}`,
  });
});

test('every label that an alert or a dashboard asks for is one of its metric', async () => {
  const texts = await Promise.all(
    Object.keys(world.stack.addresses)
      .filter((name) => name !== 'stripe' && name !== 'resend')
      .map(metrics),
  );
  const series = texts.join('\n').split('\n');
  const labelsOf = (metric: string) =>
    new Set(
      series
        .filter((line) => new RegExp(`^${metric}(_count|_sum|_bucket)?\\{`).test(line))
        .flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, label]) => label)),
    );
  const panels = loadDashboards().flatMap((one) => one.panels);
  const asked = [...loadAlerts(), ...panels.flatMap(({ targets }) => targets)];
  const foreign = asked.flatMap(({ expr }) => [
    ...labelsAsked(expr)
      .filter(({ metric, label }) => labelsOf(metric).size > 0 && !labelsOf(metric).has(label))
      .map(({ metric, label }) => `${metric} has no ${label}`),
    ...groupedBy(expr).flatMap((label) =>
      metricsOf(expr).some((metric) => labelsOf(metric).size === 0 || labelsOf(metric).has(label))
        ? []
        : [`${expr} has no ${label}`],
    ),
  ]);
  expect(foreign).toEqual([]);
});
