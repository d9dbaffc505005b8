import { randomUUID } from 'node:crypto';
import type { Action, Role } from '@liventix/domain/access';
import { addPerson } from '@liventix/domain/access/people-repository';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, keyOf, openOps, type TestOps } from '#testing/ops';

const stack = new AsyncDisposableStack();
let ops: TestOps;

beforeAll(async () => {
  const urls = { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl') };
  ops = await openOps(stack, urls);
});
afterAll(async () => await stack.disposeAsync());

async function aPerson(role: Role): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const added = await addPerson(ops.db.pool, {
    organizationId: ops.here,
    email,
    name: 'Ada',
    role,
  });
  return added?.userId ?? expect.fail('nobody was added');
}

/** A key of an owner that looks after people and does what else is said, and no more. */
async function aNarrowKey(...scopes: readonly Action[]): Promise<string> {
  return await keyOf(ops, ops.here, { role: 'owner', scopes: ['people.write', ...scopes] });
}

/** Each way to let somebody in, or to change who may, as a role would be given or had. */
async function everyWay(key: string, role: Role): Promise<Readonly<Record<string, Answer>>> {
  const email = `${randomUUID()}@example.com`;
  const invite = await ops.ask('POST /admin/v1/people', {
    key,
    body: { email, name: 'Eve', role },
  });
  const raise = await ops.ask('PUT /admin/v1/people/:id/role', {
    key,
    id: await aPerson('door'),
    body: { role },
  });
  const id = await aPerson(role);
  const link = await ops.ask('POST /admin/v1/people/:id/link', { key, id });
  const lower = await ops.ask('PUT /admin/v1/people/:id/role', { key, id, body: { role: 'door' } });
  const remove = await ops.ask('POST /admin/v1/people/:id/remove', { key, id });
  return { invite, raise, link, lower, remove };
}

async function listRoles(): Promise<unknown> {
  const { rows } = await ops.db.pool.raw('select id, role, removed_at from users order by id');
  return rows;
}

describe('who looks after people and may do little else', () => {
  const doors = ['door.write', 'events.read'] as const;

  test.each(['owner', 'support', 'finance', 'read_only'] as const)(
    'lets in no %s, makes no link for one, and neither changes nor removes one',
    async (role) => {
      const answers = await everyWay(await aNarrowKey(...doors), role);
      const codes = Object.entries(answers).map(([way, answer]) => [way, answer.json().code]);
      expect(codes).toEqual(Object.keys(answers).map((way) => [way, 'api_key.forbidden']));
      const { rows } = await ops.db.pool.raw('select 1 from login_links');
      expect(rows).toEqual([]);
    },
  );

  test('does all of that with whoever may do no more', async () => {
    const answers = await everyWay(await aNarrowKey(...doors), 'door');
    const statuses = Object.values(answers).map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([201, 200, 201, 200, 200]);
  });

  test('changes nothing by what is refused', async () => {
    const [key, id] = [await aNarrowKey(), await aPerson('owner')];
    const before = await listRoles();
    await ops.ask('POST /admin/v1/people/:id/link', { key, id });
    await ops.ask('PUT /admin/v1/people/:id/role', { key, id, body: { role: 'door' } });
    await ops.ask('POST /admin/v1/people/:id/remove', { key, id });
    expect(await listRoles()).toEqual(before);
  });
});

test('a link that was made for a lesser role does not let in who became an owner', async () => {
  const [narrow, whole] = [
    await aNarrowKey('door.write', 'events.read'),
    await keyOf(ops, ops.here, { role: 'owner' }),
  ];
  const id = await aPerson('door');
  const made = await ops.ask('POST /admin/v1/people/:id/link', { key: narrow, id });
  const follow = async () => (await ops.app.inject({ url: made.json().link })).statusCode;
  expect(await follow()).toBe(200);
  const body = { role: 'owner' };
  await ops.ask('PUT /admin/v1/people/:id/role', { key: whole, id, body });
  expect(await follow()).toBe(404);
});
