import { randomUUID } from 'node:crypto';
import { type Role, roles } from '@liventix/domain/access';
import { createApiKey, ensureOrganization } from '@liventix/domain/access/repository';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Operation, readContract } from '#support/contract';
import { buyer, http, placeOrder, sellEvent, startWorld, type World } from '#support/world';

let world: World;
let operations: readonly Operation[];
let keys: Readonly<Record<Role, string>>;
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
  ) as Record<Role, string>;
  stranger = await make(other.organizationId, 'owner');
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** With an id nobody has and an empty body, only the role decides between 403 and anything else. */
async function ask(operation: Operation, token: string): Promise<number> {
  const url = `${world.stack.urls.ops}${operation.path.replace('{id}', randomUUID())}`;
  const { method } = operation;
  const withBody = operation.body === undefined ? {} : { body: {} };
  return (await http(url, { method, ...withBody, token })).status;
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

/** What another organization's ids open is asked of every route in the matrix of ops. */
test('a person is known to the organization they bought from, and to no other', async () => {
  await placeOrder(world, await sellEvent(world));
  const privacy = async (what: 'export' | 'erase', token: string) =>
    await http(`${world.stack.urls.ops}/admin/v1/privacy/${what}`, {
      token,
      body: { email: buyer.email },
    });
  expect((await privacy('export', keys.owner)).body.orders).toHaveLength(1);
  expect((await privacy('export', stranger)).body.orders).toEqual([]);
  expect((await privacy('erase', stranger)).body).toMatchObject({ orders: 0, mails: 0 });
  expect((await privacy('export', keys.owner)).body.orders).toHaveLength(1);
});
