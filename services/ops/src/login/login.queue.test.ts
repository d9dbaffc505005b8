import { setPassword } from '@liventix/domain/access/people-repository';
import { endSessionsOf } from '@liventix/domain/access/session-repository';
import type { Transaction } from '@liventix/shared/db';
import { lockIsWaitedFor } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { House, type Housemate, housePassword, sessionIn } from '#testing/house';

let house: House;

beforeAll(async () => {
  house = await House.open({ database: inject('databaseUrl'), redis: inject('redisUrl') });
});
afterAll(async () => await house[Symbol.asyncDispose]());

async function logIn(email: string, password = housePassword, session?: string) {
  return await house.ask('POST /login', {
    form: { email, password, to: '/console/orders' },
    ...(session !== undefined && { session }),
  });
}

async function inForce(person: Housemate): Promise<{ password: string; hasCode: boolean }> {
  const { rows } = await house.deps.db.pool.raw(
    `select password_hash as password, totp_confirmed_at is not null as "hasCode"
       from users where id = :userId`,
    { userId: person.userId },
  );
  return rows[0];
}

const ownForms = [
  '/account/password',
  '/account/code/offer',
  '/account/code/confirm',
  '/account/code/remove',
  '/account/sessions/end',
];

describe('half a session', () => {
  test('opens no interface, no stream and no page', async () => {
    const session = await house.sessionOf(await house.person(), true);
    for (const route of ['GET /admin/v1/events', 'GET /console/live', 'POST /admin/v1/people']) {
      const answer = await house.ask(route, { session });
      expect([answer.statusCode, answer.json().code], route).toEqual([401, 'session.over']);
    }
    expect((await house.ask('GET /console', { session })).headers.location).toBe('/login/code');
    const account = await house.ask('GET /account', { session });
    expect(account.headers.location).toBe('/login?to=/account');
  });

  test.for(ownForms)('changes nothing at %s', async (url) => {
    const person = await house.person();
    const [half, whole] = [await house.sessionOf(person, true), await house.sessionOf(person)];
    const before = await inForce(person);
    const form = { current: housePassword, next: 'another sentence of mine' };
    const answer = await house.askForSelf(url, half, form);
    expect(answer.headers.location).toBe('/login?to=/account');
    expect(await inForce(person)).toEqual(before);
    expect(await house.opens(whole)).toBe(true);
    expect(await house.actsOn(person.userId)).toEqual([]);
  });

  test.for(['password', 'login'] as const)(
    'is all that a %s link gives to somebody with a second factor',
    async (purpose) => {
      const person = await house.person();
      const codeAt = await house.secondFactorOf(person);
      const form = { password: 'another sentence of mine' };
      const answer = await house.ask(`POST ${await house.linkOf(person, purpose)}`, { form });
      expect(answer.headers.location).toBe('/login/code');
      const half = sessionIn(answer) ?? expect.fail('no session');
      expect(await house.opens(half)).toBe(false);
      const given = await house.ask('POST /login/code', {
        session: half,
        form: { code: codeAt(0) },
      });
      expect(await house.opens(sessionIn(given) ?? '')).toBe(true);
      expect(await house.opens(half)).toBe(false);
    },
  );
});

describe('forms of another site', () => {
  test.for(ownForms)('change nothing at %s, and are written down', async (url) => {
    const person = await house.person();
    const [session, elsewhere] = [await house.sessionOf(person), await house.sessionOf(person)];
    const before = await inForce(person);
    const form = { current: housePassword, next: 'another sentence of mine' };
    for (const token of ['', 'A'.repeat(43)]) {
      const sent = { ...form, form_token: token };
      expect((await house.ask(`POST ${url}`, { session, form: sent })).statusCode).toBe(403);
    }
    expect(await inForce(person)).toEqual(before);
    expect(await house.opens(elsewhere)).toBe(true);
    expect(await house.actsOn(person.userId)).toEqual([]);
    const { rows } = await house.deps.db.pool.raw(
      'select action, object_id as object from audit_log where actor_id = :userId',
      { userId: person.userId },
    );
    expect(rows).toEqual([{ action: 'request.refused', object: `POST ${url}` }]);
  });

  test('begin no session, by password, code or link', async () => {
    const person = await house.person();
    const codeAt = await house.secondFactorOf(person);
    const link = await house.linkOf(person, 'login');
    const half = await house.sessionOf(person, true);
    const password = { email: person.email, password: housePassword };
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      for (const [route, asking] of [
        ['POST /login', { form: password }],
        ['POST /login/code', { session: half, form: { code: codeAt(0) } }],
        [`POST ${link}`, { form: {} }],
      ] as const) {
        const answer = await house.ask(route, { ...asking, headers });
        expect(answer.statusCode, route).toBe(403);
        expect(sessionIn(answer), route).toBeUndefined();
      }
    }
    expect((await house.ask(`POST ${link}`, { form: {} })).statusCode).toBe(303);
  });
});

describe('a session ends', () => {
  test('when its browser logs in again, by password or by link', async () => {
    const person = await house.person();
    const first = sessionIn(await logIn(person.email)) ?? '';
    expect(await house.opens(first)).toBe(true);
    const failed = await logIn(person.email, 'a wrong password, long', first);
    expect([failed.statusCode, await house.opens(first)]).toEqual([401, true]);
    const second = sessionIn(await logIn(person.email, housePassword, first)) ?? '';
    expect([await house.opens(first), await house.opens(second)]).toEqual([false, true]);
    const link = await house.linkOf(person, 'login');
    const third = sessionIn(await house.ask(`POST ${link}`, { session: second, form: {} })) ?? '';
    expect([await house.opens(second), await house.opens(third)]).toEqual([false, true]);
  });

  test('with another role of its person', async () => {
    const [owner, person] = [await house.person(), await house.person('support')];
    const session = await house.sessionOf(person);
    const own = await house.sessionOf(owner);
    const key = await house.keyOf('owner');
    const changed = await house.ask(`PUT /admin/v1/people/${person.userId}/role`, {
      key,
      json: { role: 'read_only' },
    });
    expect(changed.statusCode).toBe(200);
    expect([await house.opens(session), await house.opens(own)]).toEqual([false, true]);
  });

  test('when another turns a second factor on, for it began without one', async () => {
    const person = await house.person();
    const [one, other] = [await house.sessionOf(person), await house.sessionOf(person)];
    const codeAt = await house.secondFactorOf(person);
    const confirmed = await house.askForSelf('/account/code/confirm', one, { code: codeAt(0) });
    expect(confirmed.statusCode).toBe(303);
    expect([await house.opens(one), await house.opens(other)]).toEqual([true, false]);
  });

  test('with a password chosen by a link, wherever it was', async () => {
    const person = await house.person();
    const session = await house.sessionOf(person);
    const form = { password: 'another sentence of mine' };
    expect(
      (await house.ask(`POST ${await house.linkOf(person, 'password')}`, { form })).statusCode,
    ).toBe(303);
    expect(await house.opens(session)).toBe(false);
  });
});

test('what somebody does with their account is written down with it', async () => {
  const person = await house.person();
  const session = await house.sessionOf(person);
  const offered = await house.askForSelf('/account/code/offer', session);
  expect(offered.body).toMatch(/<code>[A-Z2-7]{32}<\/code>/);
  await house.askForSelf('/account/sessions/end', session);
  const codeAt = await house.secondFactorOf(person);
  expect(
    (await house.askForSelf('/account/code/confirm', session, { code: codeAt(-1) })).statusCode,
  ).toBe(303);
  const spaced = codeAt(0).replace(/^(...)/, '$1 ');
  expect(
    (await house.askForSelf('/account/code/remove', session, { code: spaced })).statusCode,
  ).toBe(303);
  expect(await house.actsOn(person.userId)).toEqual([
    'person.code_offer',
    'session.end_others',
    'person.code_offer',
    'person.code_on',
    'person.code_off',
  ]);
  expect(await inForce(person)).toMatchObject({ hasCode: false });
});

test('a login goes on to where somebody wanted to be, with what they looked for', async () => {
  const { email } = await house.person();
  const to = '/console/orders?query=Ada+Lovelace&page=2';
  const form = { email, password: housePassword, to };
  expect((await house.ask('POST /login', { form })).headers.location).toBe(to);
});

/** Logs in while somebody is being shut out, who was looked at before and is waited for. */
async function logInDuring<T>(
  shutOut: (tx: Transaction) => Promise<unknown>,
  logIn: () => Promise<T>,
): Promise<T | undefined> {
  let asked: Promise<T> | undefined;
  await house.deps.db.inTransaction(async (tx) => {
    await shutOut(tx);
    asked = logIn();
    await lockIsWaitedFor(house.deps.db, { what: 'the login to wait for the account' });
  });
  return await asked;
}

test('who had the old password right does not get in after another has taken its place', async () => {
  const { userId, email } = await house.person();
  const answer = await logInDuring(
    async (tx) => {
      await setPassword(tx, { userId, passwordHash: 'of another password' });
      await endSessionsOf(tx, { userId });
    },
    async () => await logIn(email),
  );
  expect([answer?.statusCode, answer && sessionIn(answer)]).toEqual([401, undefined]);
});

test('half a login that is ended once its code was proven does not become a whole one', async () => {
  const person = await house.person();
  const codeAt = await house.secondFactorOf(person);
  const half = await house.sessionOf(person, true);
  const answer = await logInDuring(
    async (tx) => await endSessionsOf(tx, person),
    async () => await house.ask('POST /login/code', { session: half, form: { code: codeAt(0) } }),
  );
  expect(answer?.statusCode).toBe(401);
  expect(answer && sessionIn(answer)).toBeUndefined();
});

test('a link that was followed before a second factor was turned on lets nobody in without one', async () => {
  const person = await house.person();
  await house.secondFactorOf(person);
  const { pool } = house.deps.db;
  const turnOn = 'update users set totp_confirmed_at = :at where id = :userId';
  await pool.raw(turnOn, { at: null, userId: person.userId });
  const link = await house.linkOf(person, 'login');
  const answer = await logInDuring(
    async (tx) => await tx.raw(turnOn, { at: new Date(), userId: person.userId }),
    async () => await house.ask(`POST ${link}`, { form: {} }),
  );
  expect([answer?.statusCode, answer && sessionIn(answer)]).toEqual([401, undefined]);
  expect((await house.ask(`POST ${link}`, { form: {} })).headers.location).toContain('/login/code');
});
