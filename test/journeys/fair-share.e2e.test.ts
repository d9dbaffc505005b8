import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { http, type SoldEvent, sellEvent, startWorld, type World } from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { HELD_SEATS_PER_CLIENT: '40', TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function hold(event: SoldEvent, quantity: number, address: string) {
  return await http(`${world.stack.urls.checkout}/v1/holds`, {
    method: 'POST',
    headers: { 'idempotency-key': randomUUID(), 'x-forwarded-for': address },
    body: { event: event.slug, items: [{ tier: event.tierIds[0], quantity }] },
  });
}

test('a client that holds everything and never pays gets its share, and others buy', async () => {
  const event = await sellEvent(world);
  const greedy = await Promise.all(
    Array.from({ length: 50 }, async () => await hold(event, 4, '192.0.2.1')),
  );
  const placed = greedy.filter(({ status }) => status === 201);
  expect(placed).toHaveLength(10);
  const refusal = greedy.find(({ status }) => status !== 201);
  expect(refusal).toMatchObject({ status: 429, body: { code: 'client.share_used' } });
  expect(Number(refusal?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await hold(event, 4, '192.0.2.2')).status).toBe(201);

  const [first] = placed;
  await http(`${world.stack.urls.checkout}/v1/holds/${first?.body.id}`, {
    method: 'DELETE',
    token: first?.body.token,
    headers: { 'x-forwarded-for': '192.0.2.1' },
  });
  expect((await hold(event, 4, '192.0.2.1')).status).toBe(201);
  expect((await hold(event, 1, '192.0.2.1')).status).toBe(429);
});
