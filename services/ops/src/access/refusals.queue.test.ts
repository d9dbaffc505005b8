import { randomUUIDv7 } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { createApiKey } from '@liventix/domain/access/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Asking, House } from '#testing/house';

let house: House;

beforeAll(async () => {
  house = await House.open({ database: inject('databaseUrl'), redis: inject('redisUrl') });
});
afterAll(async () => await house[Symbol.asyncDispose]());

/** What the log says since the last time it was asked. */
let read = 0;
async function newActs(): Promise<string[]> {
  const { rows } = await house.deps.db.pool.raw(
    `select id, concat_ws(' ', actor_type, action, object_id, facts ->> 'act', facts ->> 'code') as said
       from audit_log where id > :read order by id`,
    { read },
  );
  read = rows.at(-1)?.id ?? read;
  return rows.map(({ said }: { said: string }) => said);
}

async function statusesOf(times: number, route: string, asking: Asking): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) {
    statuses.push((await house.ask(route, asking)).statusCode);
  }
  return [...new Set(statuses)];
}

describe('a write that is refused', () => {
  test('to a key or a person is written down once an hour, a look is not', async () => {
    await newActs();
    const key = await house.keyOf('support');
    const session = await house.sessionOf(await house.person('owner'));
    expect(await statusesOf(5, 'POST /admin/v1/people', { key, json: {} })).toEqual([403]);
    expect(await statusesOf(5, 'GET /admin/v1/people', { key })).toEqual([403]);
    expect(await newActs()).toEqual([
      'api_key request.refused POST /admin/v1/people api_key.forbidden',
    ]);
    expect(await statusesOf(5, 'POST /admin/v1/people', { session, json: {} })).toEqual([403]);
    expect(await statusesOf(5, 'POST /logout', { session, form: { form_token: 'x' } })).toEqual([
      403,
    ]);
    expect(await newActs()).toEqual([
      'user request.refused POST /admin/v1/people csrf.refused',
      'user request.refused POST /logout csrf.refused',
    ]);
  });

  test('by what it asks for, not by who asks, is written down too', async () => {
    const owner = await house.keyOf('owner');
    const narrow = await house.ask('POST /admin/v1/api-keys', {
      key: owner,
      json: { name: 'Narrow', role: 'owner', scopes: ['people.write'] },
    });
    await newActs();
    const { key } = narrow.json();
    const json = { name: 'Broad', role: 'owner' };
    expect(await statusesOf(3, 'POST /admin/v1/api-keys', { key, json })).toEqual([403]);
    expect(await newActs()).toEqual([
      'api_key request.refused POST /admin/v1/api-keys api_key.forbidden',
    ]);
  });

  test('by the board is written down once an hour, whatever names are made up', async () => {
    const [owner, support, foreign] = await Promise.all(
      [
        await house.person('owner'),
        await house.person('support'),
        await house.person('owner', house.there),
      ].map(async (person) => await house.sessionOf(person)),
    );
    await newActs();
    const refuse = async (session: string | undefined, path: string, headers = {}) =>
      await statusesOf(2, `PUT /mend/queues/api/queues/${path}`, {
        session: session ?? '',
        headers,
      });
    expect(await refuse(owner, 'ticketing/obliterate')).toEqual([403]);
    expect(await refuse(support, 'ticketing/pause')).toEqual([403]);
    expect(await refuse(foreign, 'ticketing/pause')).toEqual([403]);
    expect(await refuse(owner, 'ticketing/pause', { 'sec-fetch-site': 'cross-site' })).toEqual([
      403,
    ]);
    for (const invented of ['one', 'two', 'three']) {
      expect(await refuse(owner, `${invented}/empty`)).toEqual([403]);
    }
    expect(await newActs()).toEqual([
      'user queue.refused ticketing obliterate api_key.forbidden',
      'user queue.refused ticketing pause api_key.forbidden',
      'user queue.refused ticketing pause api_key.forbidden',
      'user queue.refused ticketing pause csrf.refused',
      'user queue.refused none empty api_key.forbidden',
    ]);
  });
});

test('a header that is no key does not make a page of another site one of ours', async () => {
  const session = await house.sessionOf(await house.person('owner'));
  for (const authorization of ['Basic eDp5', 'Bearer']) {
    const answer = await house.ask('PUT /mend/queues/api/queues/ticketing/pause', {
      session,
      headers: { authorization, 'sec-fetch-site': 'cross-site' },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'csrf.refused']);
  }
});

test('who takes guests or books away as a table is written down', async () => {
  const key = await house.keyOf('owner');
  const made = await house.ask('POST /admin/v1/events', {
    key,
    json: {
      slug: 'taken-away',
      title: 'Taken away',
      venue: 'Here',
      starts_at: '2031-05-01T20:00:00Z',
      ends_at: '2031-05-01T22:00:00Z',
      timezone: 'Europe/Berlin',
      currency: 'eur',
      locale: 'en',
      tiers: [{ name: 'Standing', price_cents: 1000, capacity: 10 }],
    },
  });
  expect(made.statusCode).toBe(201);
  await newActs();
  expect(
    (await house.ask(`GET /admin/v1/events/${made.json().id}/guests.csv`, { key })).statusCode,
  ).toBe(200);
  const books = 'GET /admin/v1/books/entries.csv?from=2031-01-01&until=2031-02-01';
  expect((await house.ask(books, { key })).statusCode).toBe(200);
  expect(await newActs()).toEqual([
    `api_key export.guests ${made.json().id}`,
    `api_key export.books ${house.here}`,
  ]);
});

test('what is wrong with the machine is told to those who look after it, and to nobody else', async () => {
  await house.deps.db.pool.raw(
    `insert into alerts (id, key, name, severity, summary, runbook, state, bad_since, bad_at, fired_at)
     values (:id, 'k', 'QueueStuck', 'page', 'A queue stands still.', 'runbook.md', 'firing', now(), now(), now())`,
    { id: randomUUIDv7() },
  );
  const [ours, theirs] = [await house.keyOf('owner'), await house.keyOf('owner', house.there)];
  const alertsFor = async (key: string) =>
    (await house.ask('GET /admin/v1/alerts', { key })).json().alerts.length;
  expect([await alertsFor(ours), await alertsFor(theirs)]).toEqual([1, 0]);
  const pageFor = async (organizationId: string) => {
    const session = await house.sessionOf(await house.person('owner', organizationId));
    return (await house.ask('GET /console/to-do', { session })).body;
  };
  expect(await pageFor(house.here)).toContain('A queue stands still.');
  const foreign = await pageFor(house.there);
  expect(foreign).toContain('<h1>To do</h1>');
  expect(foreign).not.toMatch(/Alerts|stands still/);
});

test('who is shut out while the rest of a body is on its way writes nothing', async () => {
  const { key, apiKeyId } = await createApiKey(house.deps.db.pool, {
    organizationId: house.here,
    name: 'Slow',
    role: 'owner',
  });
  const { port } = new URL(await house.app.listen({ host: '127.0.0.1', port: 0 }));
  const body = JSON.stringify({ email: 'back@example.com', name: 'Back', role: 'owner' });
  const sent = request({
    port,
    path: '/admin/v1/people',
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': body.length,
    },
  });
  sent.write(body.slice(0, 3));
  await waitFor(
    async () => {
      const { rows } = await house.deps.db.pool.raw(
        'select last_used_at from api_keys where id = :apiKeyId',
        { apiKeyId },
      );
      return rows[0].last_used_at !== null;
    },
    { what: 'the key to be looked at' },
  );
  await house.deps.db.pool.raw('update api_keys set revoked_at = now() where id = :apiKeyId', {
    apiKeyId,
  });
  sent.end(body.slice(3));
  const [answer] = await once(sent, 'response');
  expect(answer.statusCode).toBe(401);
  const { rows } = await house.deps.db.pool.raw(
    `select 1 from users where email = 'back@example.com'`,
  );
  expect(rows).toEqual([]);
});
