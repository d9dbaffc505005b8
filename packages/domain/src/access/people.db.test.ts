import type { Database } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { ensureOrganization } from './access-repository.ts';
import { giveBackLoginTry, takeLoginTry } from './login-delay-repository.ts';
import { addPerson, changePerson, listPeople } from './people-repository.ts';
import { confirmSecret, offerSecret, takeStep } from './second-factor-repository.ts';
import {
  beginSession,
  endSessionsOf,
  findSession,
  makeLoginLink,
  useLoginLink,
} from './session-repository.ts';

let database: TestDatabase;
let db: Database;
let houses = 0;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
});
afterAll(async () => await database[Symbol.asyncDispose]());

async function aHouse(): Promise<string> {
  houses += 1;
  const slug = `house-${houses}`;
  return (await ensureOrganization(db.pool, { slug, name: slug })).organizationId;
}

async function aPerson(organizationId: string, email = 'ada@example.com'): Promise<string> {
  const added = await addPerson(db.pool, { organizationId, email, name: 'Ada', role: 'owner' });
  return added?.userId ?? expect.fail('nobody was added');
}

/** How many of several that come at once get their way. */
async function countWon(tries: readonly Promise<unknown>[]): Promise<number> {
  return (await Promise.all(tries)).filter((won) => won === true || won === 'changed').length;
}

const many = Array.from({ length: 8 }, (_, index) => index);

describe('people', () => {
  test('an address is of one person of an organization, in whatever case, and of others elsewhere', async () => {
    const [here, there] = [await aHouse(), await aHouse()];
    await aPerson(here);
    const again = { email: 'ADA@example.com', name: 'Ada', role: 'owner' } as const;
    expect(await addPerson(db.pool, { organizationId: here, ...again })).toBeUndefined();
    expect(await addPerson(db.pool, { organizationId: there, ...again })).toBeDefined();
  });

  test('owners who all let each other go at once leave one', async () => {
    const organizationId = await aHouse();
    const owners = await Promise.all(
      many.map(async (index) => await aPerson(organizationId, `owner${index}@example.com`)),
    );
    const leaving = owners.map(
      async (userId) =>
        await db.inTransaction(
          async (tx) => await changePerson(tx, { organizationId, userId, role: null }),
        ),
    );
    expect(await countWon(leaving)).toBe(owners.length - 1);
    expect(await listPeople(db.pool, organizationId)).toHaveLength(1);
  });

  test('without the lock on the organization nobody would be left', async () => {
    const organizationId = await aHouse();
    const owners = [
      await aPerson(organizationId, 'one@example.com'),
      await aPerson(organizationId, 'two@example.com'),
    ];
    const both = Promise.withResolvers<undefined>();
    let counted = 0;
    await Promise.all(
      owners.map(async (userId) => {
        await db.inTransaction(async (tx) => {
          const { rows } = await tx.raw(
            `select count(*)::int as owners from users
              where organization_id = :organizationId and removed_at is null`,
            { organizationId },
          );
          counted += 1;
          if (counted === owners.length) {
            both.resolve(undefined);
          }
          await both.promise;
          expect(rows[0].owners).toBe(2);
          await tx.raw('update users set removed_at = now() where id = :userId', { userId });
        });
      }),
    );
    expect(await listPeople(db.pool, organizationId)).toEqual([]);
  });

  test('somebody of another organization is unknown', async () => {
    const userId = await aPerson(await aHouse());
    const organizationId = await aHouse();
    const change = { organizationId, userId, role: 'support' } as const;
    expect(await db.inTransaction(async (tx) => await changePerson(tx, change))).toBe('not_found');
  });
});

describe('sessions', () => {
  test('end by themselves when unused or old, with their person, and when they are told to', async () => {
    const userId = await aPerson(await aHouse());
    const begin = async () => await beginSession(db.pool, { userId, awaitsCode: false });
    const [idle, old, ended] = [await begin(), await begin(), await begin()];
    const set = async (column: string, sessionId: string) =>
      await db.pool.raw(`update user_sessions set ${column} where id = :sessionId`, { sessionId });
    expect(await findSession(db.pool, idle.token)).toMatchObject({ userId, role: 'owner' });
    await set(`seen_at = now() - interval '61 minutes'`, idle.sessionId);
    await set(`expires_at = now()`, old.sessionId);
    expect(await findSession(db.pool, idle.token)).toBeUndefined();
    expect(await findSession(db.pool, old.token)).toBeUndefined();
    const kept = await begin();
    await db.inTransaction(
      async (tx) => await endSessionsOf(tx, { userId, except: kept.sessionId }),
    );
    expect(await findSession(db.pool, ended.token)).toBeUndefined();
    expect(await findSession(db.pool, kept.token)).toBeDefined();
    await db.pool.raw('update users set removed_at = now() where id = :userId', { userId });
    expect(await findSession(db.pool, kept.token)).toBeUndefined();
  });

  test('what lies in the database opens nothing', async () => {
    const userId = await aPerson(await aHouse());
    const { sessionId, token } = await beginSession(db.pool, { userId, awaitsCode: false });
    const { rows } = await db.pool.raw('select * from user_sessions where id = :sessionId', {
      sessionId,
    });
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await findSession(db.pool, rows[0].token_hash)).toBeUndefined();
  });

  test('of several who follow a link at once, one gets in; a newer link replaces it', async () => {
    const userId = await aPerson(await aHouse());
    const expiresAt = new Date(Date.now() + 60_000);
    const make = async () =>
      await db.inTransaction(
        async (tx) => await makeLoginLink(tx, { userId, purpose: 'password', expiresAt }),
      );
    const use = async (token: string) =>
      await db.inTransaction(async (tx) => await useLoginLink(tx, token));
    const [replaced, link] = [await make(), await make()];
    expect(await countWon(many.map(async () => await use(link.token)))).toBe(1);
    expect(await use(replaced.token)).toBe(false);
  });

  test('of several with the same code at once, one is let in; an earlier code is not', async () => {
    const userId = await aPerson(await aHouse());
    const sealed = 'm1.sealed';
    await offerSecret(db.pool, { userId, sealed });
    const take = async (step: number) => await takeStep(db.pool, { userId, sealed, step });
    expect(await countWon(many.map(async () => await take(100)))).toBe(1);
    expect(await take(99)).toBe(false);
    expect(await take(101)).toBe(true);
  });
});

test('a secret that another replaced is neither asked for codes nor put in force', async () => {
  const userId = await aPerson(await aHouse());
  const [replaced, offered] = ['m1.replaced', 'm1.offered'];
  for (const sealed of [replaced, offered]) {
    await offerSecret(db.pool, { userId, sealed });
  }
  expect(await takeStep(db.pool, { userId, sealed: replaced, step: 100 })).toBe(false);
  const confirm = async (sealed: string) =>
    await db.inTransaction(async (tx) => await confirmSecret(tx, { userId, sealed }));
  expect(await confirm(replaced)).toBe(false);
  expect(await confirm(offered)).toBe(true);
});

describe('tries', () => {
  const rowsOf = async (): Promise<number> =>
    (await db.pool.raw('select count(*)::int as n from login_tries')).rows[0].n;

  test('of guesses that come at once no more go through than are free', async () => {
    const who = { email: 'ada@example.com', address: '192.0.2.1' };
    const waits = await Promise.all(
      Array.from({ length: 40 }, async () => await takeLoginTry(db, who)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(6);
    expect(await takeLoginTry(db, { ...who, address: '192.0.2.2' })).toBe(0);
  });

  test('an account that is guessed at from everywhere waits too, and a place that guesses at everybody', async () => {
    const from = async (index: number) =>
      await takeLoginTry(db, { email: 'bob@example.com', address: `198.51.100.${index}` });
    for (let index = 0; index < 21; index += 1) {
      expect(await from(index)).toBe(0);
    }
    expect(await from(200)).toBeGreaterThan(0);
    const at = async (index: number) =>
      await takeLoginTry(db, { email: `p${index}@example.com`, address: '203.0.113.1' });
    for (let index = 0; index < 51; index += 1) {
      expect(await at(index)).toBe(0);
    }
    expect(await at(200)).toBeGreaterThan(0);
  });

  test('a client that takes another of its addresses for each guess is the same client', async () => {
    const from = async (index: number) =>
      await takeLoginTry(db, { email: 'joan@example.com', address: `2001:db8:1:2:${index}::1` });
    for (let index = 0; index < 6; index += 1) {
      expect(await from(index)).toBe(0);
    }
    expect(await from(6)).toBeGreaterThan(0);
    const next = { email: 'joan@example.com', address: '2001:db8:1:3::1' };
    expect(await takeLoginTry(db, next)).toBe(0);
  });

  test('that must wait leave nothing behind, however many come at once', async () => {
    const guess = async (index: number) =>
      await takeLoginTry(db, { email: `none${index}@example.com`, address: '203.0.113.7' });
    const before = await rowsOf();
    const waits = await Promise.all(Array.from({ length: 80 }, async (_, n) => await guess(n)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(51);
    // Two rows for each that went through, of the address and of it from there, and one of the place.
    expect(await rowsOf()).toBe(before + 2 * 51 + 1);
  });

  test('that could not be looked at are given back', async () => {
    const who = { email: 'ida@example.com', address: '192.0.2.31' };
    for (let tries = 0; tries < 20; tries += 1) {
      expect(await takeLoginTry(db, who)).toBe(0);
      await giveBackLoginTry(db, who);
    }
    for (let tries = 0; tries < 6; tries += 1) {
      expect(await takeLoginTry(db, who)).toBe(0);
    }
    await giveBackLoginTry(db, who);
    expect(await takeLoginTry(db, who)).toBe(0);
    expect(await takeLoginTry(db, who)).toBeGreaterThan(0);
  });

  test('are forgotten with time, those before what was right too, and no address lies in the table', async () => {
    const who = { email: 'eve@example.com', address: '192.0.2.9' };
    for (let tries = 0; tries < 6; tries += 1) {
      expect(await takeLoginTry(db, who)).toBe(0);
    }
    await giveBackLoginTry(db, who);
    const countedAfter = async (passed: string) => {
      await db.pool.raw(
        'update login_tries set tried_at = tried_at - :passed::interval, blocked_until = now()',
        { passed },
      );
      expect(await takeLoginTry(db, who)).toBe(0);
      const { rows } = await db.pool.raw(
        'select failures from login_tries order by tried_at desc limit 3',
      );
      return rows.map(({ failures }: { failures: number }) => failures).toSorted();
    };
    // Of five one for each quarter hour, of the account one for each minute; and this one more.
    expect(await countedAfter('31 minutes')).toEqual([1, 4, 4]);
    expect(await countedAfter('16 hours')).toEqual([1, 1, 1]);
    const { rows } = await db.pool.raw('select * from login_tries');
    expect(JSON.stringify(rows)).not.toMatch(/example\.com|192\.0\.2/);
  });
});
