import { randomUUID } from 'node:crypto';
import type { Action, Role } from '@liventix/domain/access';
import { addPerson } from '@liventix/domain/access/people-repository';
import { beginSession } from '@liventix/domain/access/session-repository';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { formTokenOf } from '#login/session-cookie';
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
  const reset = await ops.ask('POST /admin/v1/people/:id/reset-code', { key, id });
  const lower = await ops.ask('PUT /admin/v1/people/:id/role', { key, id, body: { role: 'door' } });
  const remove = await ops.ask('POST /admin/v1/people/:id/remove', { key, id });
  return { invite, raise, link, reset, lower, remove };
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
    expect(statuses).toEqual([201, 200, 201, 200, 200, 200]);
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

test('a second factor whose device is lost is taken away by somebody else, and ends its sessions', async () => {
  const { pool } = ops.db;
  const id = await aPerson('owner');
  await pool.raw(
    `update users set totp_secret = 'sealed', totp_confirmed_at = now() where id = :id`,
    {
      id,
    },
  );
  const { token: session } = await beginSession(pool, { userId: id, awaitsCode: false });
  const route = 'POST /admin/v1/people/:id/reset-code';
  const own = await ops.ask(route, { session, formToken: formTokenOf(session), id });
  expect([own.statusCode, own.json().code]).toEqual([409, 'person.oneself']);
  const state = `select totp_secret is null as reset,
                        (select count(*)::int from user_sessions
                          where user_id = users.id and ended_at is null) as sessions
                   from users where id = :id`;
  expect((await pool.raw(state, { id })).rows).toEqual([{ reset: false, sessions: 1 }]);
  const key = await keyOf(ops, ops.here, { role: 'owner' });
  expect((await ops.ask(route, { key, id })).statusCode).toBe(200);
  expect((await pool.raw(state, { id })).rows).toEqual([{ reset: true, sessions: 0 }]);
});
