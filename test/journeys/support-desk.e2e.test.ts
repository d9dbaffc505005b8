import { randomUUID } from 'node:crypto';
import { openIncident } from '@liventix/domain/incidents/repository';
import { markMessageDead } from '@liventix/domain/outbox/dead-repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  count,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  sellEvent,
  startWorld,
  type World,
} from '#support/world';

let world: World;
let placed: Placed;
let order: { id: string; number: string; tickets: { serial: string }[] };

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  placed = await placeOrder(world, await sellEvent(world));
  await pay(world, placed.sessionId);
  order = await orderBecomes(world, placed, 'fulfilled');
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function admin(method: 'POST' | 'GET', path: string, body?: unknown) {
  return await http(`${world.stack.urls.ops}/admin/v1${path}`, {
    method,
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
  });
}

test('an order is found by whatever people have at hand', async () => {
  const { rows } = await world.db.pool.raw(
    'select provider_id as "paymentId" from payments where order_id = :id',
    { id: order.id },
  );
  const clues = [
    order.number,
    order.number.toLowerCase(),
    order.id,
    'delivered+ada@resend.dev',
    'ada love',
    order.tickets[0]?.serial,
    placed.sessionId,
    rows[0].paymentId,
  ];
  for (const clue of clues) {
    const found = await admin('GET', `/orders?query=${encodeURIComponent(clue ?? '')}`);
    expect(found.body.orders, clue).toMatchObject([{ number: order.number }]);
  }
  expect((await admin('GET', '/orders?query=%25')).body.orders).toEqual([]);
});

test('the tickets are mailed again, a few times an hour', async () => {
  const mails = async () =>
    await count(world, `from emails where order_id = :id and status in ('sent', 'delivered')`, {
      id: order.id,
    });
  expect((await admin('POST', `/orders/${order.id}/resend-confirmation`)).status).toBe(202);
  const url = `${world.stack.urls.checkout}/v1/orders/${order.id}/resend-confirmation`;
  const byBuyer = { method: 'POST', token: placed.orderToken };
  expect((await http(url, byBuyer)).status).toBe(202);
  await waitFor(async () => (await mails()) === 3, { what: 'three mails' });
  expect((await http(url, byBuyer)).status).toBe(202);
  expect((await http(url, byBuyer)).body.code).toBe('email.too_many');
});

test('an incident is resolved once, with a note in the audit log', async () => {
  const objectId = randomUUID();
  await openIncident(world.db.pool, {
    kind: 'payment.review',
    objectType: 'payment',
    objectId,
    message: 'Look at it.',
  });
  const { incidents } = (await admin('GET', '/incidents')).body;
  const incident = incidents.find((one: { object_id: string }) => one.object_id === objectId);
  const resolve = { note: 'Looked at it.' };
  expect((await admin('POST', `/incidents/${incident.id}/resolve`, resolve)).status).toBe(200);
  expect((await admin('GET', '/incidents')).body.incidents).not.toContainEqual(incident);
  const { entries } = (await admin('GET', '/audit-log')).body;
  expect(entries[0]).toMatchObject({ action: 'incident.resolve', facts: {}, details: resolve });
});

test('a dead job is listed, replayed and done, and its incident is closed', async () => {
  const messageId = await world.db.inTransaction(async (tx) => {
    const id = await enqueue(tx, 'tickets.ensure', { orderId: order.id });
    await markMessageDead(tx, { messageId: id, jobName: 'tickets.ensure', error: 'a test' });
    return id;
  });
  const { messages } = (await admin('GET', '/messages/dead')).body;
  expect(messages).toMatchObject([{ id: messageId, order: order.id, error: 'a test' }]);
  expect((await admin('POST', `/messages/${messageId}/replay`)).status).toBe(202);
  await waitFor(
    async () =>
      (await count(world, 'from outbox where id = :messageId and done_at is not null', {
        messageId,
      })) === 1,
    { what: 'the replayed job to be done' },
  );
  expect((await admin('POST', `/messages/${messageId}/replay`)).status).toBe(202);
  expect((await admin('POST', `/messages/${randomUUID()}/replay`)).status).toBe(404);
  const replays = `from audit_log where action = 'message.replay' and object_id = :messageId`;
  expect(await count(world, replays, { messageId })).toBe(1);
  const open = { messageId };
  expect(
    await count(world, 'from incidents where object_id = :messageId and resolved_at is null', open),
  ).toBe(0);
});

test('a revoked or expired key opens nothing', async () => {
  const make = async (more: object) =>
    (await admin('POST', '/api-keys', { name: 'Box office', role: 'read_only', ...more })).body;
  const events = `${world.stack.urls.ops}/admin/v1/events`;
  const key = await make({});
  expect((await http(events, { token: key.key })).status).toBe(200);
  await admin('POST', `/api-keys/${key.id}/revoke`);
  expect((await http(events, { token: key.key })).body.code).toBe('api_key.invalid');
  const expired = await make({ expires_at: '2020-01-01T00:00:00Z' });
  expect((await http(events, { token: expired.key })).body.code).toBe('api_key.invalid');
});
