import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { wantedMetrics } from '#support/alerts';
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

test('calls to providers are counted by what came of them', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  expect(await calls('checkout', 'stripe', 'ok')).toBeGreaterThan(0);
  await waitFor(async () => (await calls('notifications', 'resend', 'ok')) > 0, {
    what: 'the confirmation to be counted',
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
    timeoutMs: 30_000,
  });
});
