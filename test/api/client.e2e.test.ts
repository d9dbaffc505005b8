import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createCheckoutClient, createOpsClient } from '@liventix/client';
import { clientTypes } from '@liventix/client/generate';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buyer, pay, startWorld, type World } from '#support/world';

const generated = join(import.meta.dirname, '../../packages/client/src/generated');

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

// After a change of a contract: pnpm vitest run --project e2e test/api/client --update
test.each(['checkout', 'ops'] as const)(
  'the types of %s are those it describes',
  async (service) => {
    const document = await (await fetch(`${world.stack.urls[service]}/openapi.json`)).text();
    const types = await clientTypes(document);
    await expect(types).toMatchFileSnapshot(join(generated, `${service}.ts`));
  },
);

test('the typed clients sell a ticket', async () => {
  const ops = createOpsClient(world.stack.urls.ops, world.stack.adminApiKey);
  const checkout = createCheckoutClient(world.stack.urls.checkout);
  const made = await ops.POST('/admin/v1/events', {
    body: {
      slug: `typed-${randomUUID().slice(0, 8)}`,
      title: 'Typed Night',
      venue: 'The Hall',
      starts_at: '2031-05-01T20:00:00+02:00',
      ends_at: '2031-05-01T23:00:00+02:00',
      timezone: 'Europe/Zurich',
      currency: 'eur',
      tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 10 }],
    },
  });
  const event = made.data ?? expect.fail(made.error?.detail);
  await ops.POST('/admin/v1/events/{id}/publish', { params: { path: { id: event.id } } });
  const held = await checkout.POST('/v1/holds', {
    params: { header: { 'idempotency-key': randomUUID() } },
    body: { event: event.slug, items: [{ tier: event.tiers[0]?.id ?? '', quantity: 1 }] },
  });
  const hold = held.data ?? expect.fail(held.error?.detail);
  const checkedOut = await checkout.POST('/v1/holds/{id}/checkout', {
    params: { path: { id: hold.id }, header: { 'idempotency-key': randomUUID() } },
    headers: { authorization: `Bearer ${hold.token}` },
    body: { buyer },
  });
  const { order, checkout_url: url } = checkedOut.data ?? expect.fail(checkedOut.error?.detail);
  await pay(world, new URL(url ?? '').pathname.split('/').at(-1) ?? '');
  const tickets = await waitFor(
    async () => {
      const read = await checkout.GET('/v1/orders/{id}', {
        params: { path: { id: order.id } },
        headers: { authorization: `Bearer ${order.token}` },
      });
      return read.data?.status === 'fulfilled' ? read.data.tickets : undefined;
    },
    { what: 'the tickets of the typed order' },
  );
  expect(tickets).toHaveLength(1);
});

test('a refusal comes back as a problem document', async () => {
  const checkout = createCheckoutClient(world.stack.urls.checkout);
  const { data, error } = await checkout.GET('/v1/events/{slug}', {
    params: { path: { slug: 'nowhere' } },
  });
  expect(data).toBeUndefined();
  expect(error?.code).toBe('event.not_found');
});
