import { openEventStream } from '@liventix/shared/testing/event-stream';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { House } from '#testing/house';

let house: House;
let url: string;

beforeAll(async () => {
  house = await House.open({ database: inject('databaseUrl'), redis: inject('redisUrl') });
  url = `${await house.app.listen({ host: '127.0.0.1', port: 0 })}/console/live`;
});
afterAll(async () => await house[Symbol.asyncDispose]());

const cookieOf = (session: string) => ({ cookie: `__Host-liventix=${session}` });

test('a stream ends with what let its reader in, and with nothing else of theirs', async () => {
  const { pool } = house.deps.db;
  const [staying, leaving, removed, demoted] = [
    await house.person('read_only'),
    await house.person('support'),
    await house.person('support'),
    await house.person('support'),
  ];
  const [stays, leaves, ...ending] = await Promise.all(
    [staying, leaving, removed, demoted].map(async (person) => await house.sessionOf(person)),
  );
  const own = await house.sessionOf(leaving);
  const key = await house.keyOf('read_only');
  const owner = await house.keyOf('owner');
  const kept = await openEventStream(url, cookieOf(stays ?? ''));
  const others = await openEventStream(url, cookieOf(own));
  const cut = [
    await openEventStream(url, cookieOf(leaves ?? '')),
    ...(await Promise.all(
      ending.map(async (session) => await openEventStream(url, cookieOf(session))),
    )),
    await openEventStream(url, { authorization: `Bearer ${key}` }),
  ];
  for (const stream of [kept, others, ...cut]) {
    expect((await stream.event(1)).name).toBe('figures');
  }
  // Opening a stream is a use of the session; what comes after is none.
  await pool.raw(
    `update user_sessions set seen_at = now() - interval '5 minutes' where user_id = :userId`,
    { userId: staying.userId },
  );
  const { rows: before } = await pool.raw(
    'select seen_at from user_sessions where user_id = :userId',
    {
      userId: staying.userId,
    },
  );
  await house.askForSelf('/logout', leaves ?? '');
  await house.ask(`POST /admin/v1/people/${removed.userId}/remove`, { key: owner });
  await pool.raw(`update users set role = 'door' where id = :userId`, { userId: demoted.userId });
  await pool.raw(`update api_keys set revoked_at = now() where role = 'read_only'`);
  expect(await Promise.all(cut.map(async ({ ended }) => await ended))).toEqual(
    cut.map(() => 'cut'),
  );
  // Who was asked before these were cut still looks, and was not kept awake by it.
  for (const stream of [kept, others]) {
    expect(await Promise.race([stream.ended, Promise.resolve('open')])).toBe('open');
  }
  const { rows: after } = await pool.raw(
    'select seen_at from user_sessions where user_id = :userId',
    {
      userId: staying.userId,
    },
  );
  expect(after).toEqual(before);
  kept.leave();
  others.leave();
});
