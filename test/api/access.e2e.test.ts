import { randomUUID } from 'node:crypto';
import { type Role, roles } from '@liventix/domain/access';
import { createApiKey, ensureOrganization } from '@liventix/domain/access/repository';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Operation, readContract } from '#support/contract';
import { addDevice } from '#support/door';
import { invitePerson } from '#support/people';
import {
  buyer,
  http,
  placeOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  type World,
} from '#support/world';

let world: World;
let operations: readonly Operation[];
let keys: Readonly<Record<string, string>>;
let stranger: string;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  operations = await readContract(world.stack.urls.ops);
  const own = await ensureOrganization(world.db.pool, { slug: 'demo', name: 'Demo' });
  const other = await ensureOrganization(world.db.pool, { slug: 'other', name: 'Other' });
  const make = async (organizationId: string, role: Role) =>
    (await createApiKey(world.db.pool, { organizationId, name: role, role })).key;
  keys = Object.fromEntries(
    await Promise.all(roles.map(async (role) => [role, await make(own.organizationId, role)])),
  );
  stranger = await make(other.organizationId, 'owner');
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** With an id nobody has and an empty body, only the role decides between 403 and anything else. */
async function ask(operation: Operation, token: string | undefined): Promise<number> {
  const url = `${world.stack.urls.ops}${operation.path.replace('{id}', randomUUID())}`;
  const { method } = operation;
  const withBody = operation.body === undefined ? {} : { body: {} };
  const credential = token === undefined ? {} : { token };
  return (await http(url, { method, ...withBody, ...credential })).status;
}

describe('roles and routes', () => {
  test('every route of ops asks for a key and names the roles that may call it', () => {
    const open = operations.filter(
      ({ access, roles }) => access !== 'api_key' || roles.length === 0,
    );
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(operations.length).toBeGreaterThan(20);
  });

  test('each role gets in exactly where it is named', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      for (const [role, key] of Object.entries(keys)) {
        const refused = (await ask(operation, key)) === 403;
        if (refused === operation.roles.includes(role)) {
          wrong.push(`${role}: ${operation.method} ${operation.path}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('without a key, and with a revoked or unknown one, nobody gets in', async () => {
    const url = `${world.stack.urls.ops}/admin/v1`;
    const token = world.stack.adminApiKey;
    const made = await http(`${url}/api-keys`, { token, body: { name: 'Lost', role: 'owner' } });
    const { id, key: revoked } = made.body;
    expect((await http(`${url}/events`, { token: revoked })).status).toBe(200);
    const ended = await http(`${url}/api-keys/${id}/revoke`, { method: 'POST', token });
    expect(ended.body.status).toBe('revoked');
    for (const operation of operations) {
      for (const nobodys of [undefined, 'lvx_unknown', revoked]) {
        expect(await ask(operation, nobodys), operation.path).toBe(401);
      }
    }
  });
});

describe('another organization', () => {
  let event: SoldEvent;
  beforeAll(async () => {
    event = await sellEvent(world);
  });

  test('does not see or change what is ours', async () => {
    const placed = await placeOrder(world, event);
    const [tier = ''] = event.tierIds;
    const promo = { code: 'THEIRS', discount: { percent: 100 } };
    const made = await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/promo-codes`, {
      token: world.stack.adminApiKey,
      body: { ...promo, code: 'OURS' },
    });
    const wallet = await http(`${world.stack.urls.ops}/admin/v1/wallets`, {
      token: world.stack.adminApiKey,
      body: { kind: 'buyer', email: 'ada@example.com', currency: 'eur' },
    });
    const device = await addDevice(world, event);
    const credit = { invoice: 'theirs', amount_cents: 1, reason: 'none' };
    const person = await invitePerson(world, 'support');
    const key = await http(`${world.stack.urls.ops}/admin/v1/api-keys`, {
      token: world.stack.adminApiKey,
      body: { name: 'Ours', role: 'read_only' },
    });
    const paths = [
      ['POST', `/admin/v1/orders/${placed.orderId}/correct-address`, { email: 'eve@example.com' }],
      ['POST', `/admin/v1/people/${person.userId}/link`],
      ['PUT', `/admin/v1/people/${person.userId}/role`, { role: 'owner' }],
      ['POST', `/admin/v1/people/${person.userId}/remove`],
      ['POST', `/admin/v1/api-keys/${key.body.id}/revoke`],
      ['GET', `/admin/v1/events/${event.id}`],
      ['POST', `/admin/v1/events/${event.id}/cancel`],
      ['PUT', `/admin/v1/tiers/${tier}/capacity`, { capacity: 1_000 }],
      ['POST', `/admin/v1/tiers/${tier}/close`],
      ['PUT', `/admin/v1/events/${event.id}/buyer-limit`, { max_per_buyer: 1 }],
      ['PUT', `/admin/v1/events/${event.id}/reminder`, { hours_before: null }],
      [
        'PUT',
        `/admin/v1/events/${event.id}/details`,
        {
          title: 'Theirs',
          venue: 'Theirs',
          starts_at: '2031-05-01T20:00:00Z',
          ends_at: '2031-05-01T21:00:00Z',
        },
      ],
      ['GET', `/admin/v1/events/${event.id}/promo-codes`],
      ['POST', `/admin/v1/events/${event.id}/promo-codes`, promo],
      ['POST', `/admin/v1/promo-codes/${made.body.id}/disable`],
      ['GET', `/admin/v1/events/${event.id}/access-codes`],
      ['POST', `/admin/v1/events/${event.id}/access-codes`, { code: 'THEIRS', tiers: [tier] }],
      ['GET', `/admin/v1/orders/${placed.orderId}`],
      ['GET', `/admin/v1/events/${event.id}/refunds`],
      ['PUT', `/admin/v1/events/${event.id}/refund-policy`, { allowed: true }],
      ['GET', `/admin/v1/books?event=${event.id}`],
      ['GET', `/admin/v1/orders/${placed.orderId}/refunds`],
      ['POST', `/admin/v1/orders/${placed.orderId}/ensure-tickets`],
      ['POST', `/admin/v1/orders/${placed.orderId}/resend-confirmation`],
      ['GET', `/admin/v1/events/${event.id}/door`],
      ['PUT', `/admin/v1/events/${event.id}/door`, { allows_reentry: true }],
      ['GET', `/admin/v1/events/${event.id}/devices`],
      ['POST', `/admin/v1/events/${event.id}/devices`, { gate: 'Back', label: 'Theirs' }],
      ['POST', `/admin/v1/devices/${device.id}/revoke`],
      ['POST', `/admin/v1/events/${event.id}/keys/rotate`],
      ['GET', `/admin/v1/wallets/${wallet.body.id}`],
      ['POST', `/admin/v1/wallets/${wallet.body.id}/credits`, credit],
      ['POST', `/admin/v1/wallets/${wallet.body.id}/token-mail`, { revoke: true }],
    ] as const;
    for (const [method, path, body] of paths) {
      const url = `${world.stack.urls.ops}${path}`;
      const answer = await http(url, { method, token: stranger, ...(body && { body }) });
      expect(answer.status, path).toBe(404);
    }
    const search = await http(`${world.stack.urls.ops}/admin/v1/orders?query=Ada`, {
      token: stranger,
    });
    expect(search.body.orders).toEqual([]);
    const { email } = buyer;
    const [kept, erased] = await Promise.all(
      ['export', 'erase'].map(
        async (what) =>
          await http(`${world.stack.urls.ops}/admin/v1/privacy/${what}`, {
            token: stranger,
            body: { email },
          }),
      ),
    );
    expect(kept?.body.orders).toEqual([]);
    expect(erased?.body).toMatchObject({ orders: 0, mails: 0 });
  });
});
