import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type Operation, readContract } from '#support/contract';
import { http, type Request, startWorld, type World } from '#support/world';

let world: World;
let operations: { readonly url: string; readonly operation: Operation }[];

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  const { checkout, ops, door, webhook_ingest: ingest } = world.stack.urls;
  const contracts = [checkout, ops, door, ingest].map(async (url) =>
    (await readContract(url)).map((operation) => ({ url, operation })),
  );
  operations = (await Promise.all(contracts)).flat();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function exampleOf(path: string): unknown {
  const found = operations.find(
    ({ operation }) => operation.path === path && operation.body !== undefined,
  );
  return found?.operation.example;
}

test('every operation that takes a body shows an example of it', () => {
  const without = operations.filter(
    ({ operation }) => operation.body !== undefined && operation.example === undefined,
  );
  expect(without.map(({ operation }) => `${operation.method} ${operation.path}`)).toEqual([]);
});

test('an answer outside its contract is noticed', () => {
  const list = operations.find(({ operation }) => operation.path === '/v1/events')?.operation;
  const type = 'application/json';
  expect(list?.check({ status: 200, type, body: { events: [] } })).toBeUndefined();
  expect(list?.check({ status: 200, type, body: { events: [{}] } })).toContain('id');
  expect(list?.check({ status: 200, type, body: { events: [], more: 1 } })).toContain('additional');
  expect(list?.check({ status: 204, type, body: undefined })).toContain('204');
});

describe('the examples of the pages at /docs, run one after the other', () => {
  const known = { event: '', tier: '', hold: '', token: '', order: '', orderToken: '' };
  const admin = async (path: string, more: Request = {}) => {
    const answer = await http(`${world.stack.urls.ops}${path}`, {
      token: world.stack.adminApiKey,
      ...more,
    });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer;
  };
  const buy = async (path: string, more: Request) => {
    const answer = await http(`${world.stack.urls.checkout}${path}`, more);
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body;
  };

  test('sell an event', async () => {
    const made = await admin('/admin/v1/events', { body: exampleOf('/admin/v1/events') });
    known.event = made.body.id;
    known.tier = made.body.tiers[0].id;
    await admin(`/admin/v1/events/${known.event}/publish`, { method: 'POST' });
    const body = exampleOf('/admin/v1/tiers/{id}/capacity');
    await admin(`/admin/v1/tiers/${known.tier}/capacity`, { method: 'PUT', body });
  });

  test('hold and check out', async () => {
    const example = z
      .object({ event: z.string(), items: z.array(z.object({ quantity: z.int() })) })
      .parse(exampleOf('/v1/holds'));
    const items = example.items.map((item) => ({ ...item, tier: known.tier }));
    const hold = await buy('/v1/holds', {
      key: '00000000-0000-4000-8000-000000000001',
      body: { ...example, items },
    });
    const checkout = await buy(`/v1/holds/${hold.id}/checkout`, {
      key: '00000000-0000-4000-8000-000000000002',
      token: hold.token,
      body: exampleOf('/v1/holds/{id}/checkout'),
    });
    expect(checkout.checkout_url).toContain('http');
    await buy(`/v1/orders/${checkout.order.id}`, { token: checkout.order.token });
  });

  test('run the house', async () => {
    const key = await admin('/admin/v1/api-keys', { body: exampleOf('/admin/v1/api-keys') });
    await admin(`/admin/v1/api-keys/${key.body.id}/revoke`, { method: 'POST' });
    const body = exampleOf('/admin/v1/organization');
    await admin('/admin/v1/organization', { method: 'PUT', body });
  });
});
