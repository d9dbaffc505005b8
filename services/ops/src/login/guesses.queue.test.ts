import { registry } from '@liventix/shared/telemetry/metrics';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { hashPassword, whosePassword } from '#login/passwords';
import { answeredEveryMs } from '#login/turn';
import { deviceIn, House, type Housemate, housePassword, sessionIn } from '#testing/house';

let house: House;

beforeAll(async () => {
  house = await House.open({ database: inject('databaseUrl'), redis: inject('redisUrl') });
});
afterAll(async () => await house[Symbol.asyncDispose]());
beforeEach(async () => {
  await house.deps.db.pool.raw('delete from login_tries');
});

const wrong = 'a wrong password, long';

async function logIn(email: string, password = housePassword, device?: string) {
  return await house.ask('POST /login', {
    form: { email, password, to: '/console/orders' },
    ...(device !== undefined && { device }),
  });
}

async function hasCode({ userId }: Housemate): Promise<boolean> {
  const { rows } = await house.deps.db.pool.raw(
    'select totp_confirmed_at is not null as "hasCode" from users where id = :userId',
    { userId },
  );
  return rows[0].hasCode;
}

async function inHouses(email: string, houses: readonly string[]): Promise<void> {
  for (const organizationId of houses) {
    await house.personCalled(email, { role: 'owner', organizationId });
  }
}

/** What is counted against whomever, fewest first. */
async function failures(): Promise<number[]> {
  const { rows } = await house.deps.db.pool.raw('select failures from login_tries order by 1');
  return rows.map((row: { failures: number }) => row.failures);
}

/** Whoever was refused before must wait for an hour: no test depends on how fast it goes on. */
async function makeThemWait(): Promise<void> {
  await house.deps.db.pool.raw(
    `update login_tries set blocked_until = clock_timestamp() + interval '1 hour'`,
  );
}

/** Keeps every place for a stranger's hash taken while something is done. */
async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const hashing = async () => {
    while (!isOver) {
      await whosePassword('nobody has this password', []);
    }
  };
  const all = [hashing(), hashing(), hashing()];
  try {
    return await work();
  } finally {
    isOver = true;
    await Promise.all(all);
  }
}

describe('guesses', () => {
  const waysToGiveCode = {
    'the removal of the second factor': async (code: string, { whole }: Sessions) =>
      await house.askForSelf('/account/code/remove', whole, { code }),
    'its confirmation': async (code: string, { whole }: Sessions) =>
      await house.askForSelf('/account/code/confirm', whole, { code }),
    'the login': async (code: string, { half }: Sessions) =>
      await house.ask('POST /login/code', { session: half, form: { code } }),
  };
  interface Sessions {
    readonly whole: string;
    readonly half: string;
  }

  test.for(Object.entries(waysToGiveCode))(
    'at a code wait for their turn at %s',
    async ([, give]) => {
      const person = await house.person();
      const codeAt = await house.secondFactorOf(person);
      const sessions = {
        whole: await house.sessionOf(person),
        half: await house.sessionOf(person, true),
      };
      expect((await give('12345x', sessions)).statusCode).toBe(401);
      await makeThemWait();
      expect((await give(codeAt(0), sessions)).statusCode).toBe(429);
      expect(await hasCode(person)).toBe(true);
      expect(await house.actsOn(person.userId)).toEqual([
        'person.code_offer',
        'session.refused code',
      ]);
    },
  );

  test.for(['/login', '/account/password'])(
    'at a password wait for their turn at %s',
    async (url) => {
      const person = await house.person();
      const session = await house.sessionOf(person);
      const guess = async (password: string) =>
        url === '/login'
          ? (await logIn(person.email, password)).statusCode
          : (await house.askForSelf(url, session, { current: password, next: housePassword }))
              .statusCode;
      for (let tries = 0; tries < 6; tries += 1) {
        expect(await guess(wrong)).toBe(401);
      }
      const { rows } = await house.deps.db.pool.raw(
        'select 1 from login_tries where failures = 6 and blocked_until > tried_at',
      );
      expect(rows).toHaveLength(1);
      await makeThemWait();
      expect(await guess(housePassword)).toBe(429);
    },
  );

  test('are written down once an hour, with each account of the address, and counted', async () => {
    const email = 'of-two-houses@example.com';
    const people = [
      await house.personCalled(email, { role: 'owner', organizationId: house.here }),
      await house.personCalled(email, { role: 'owner', organizationId: house.there }),
    ];
    const counted = async () =>
      Number(
        /http_problems_total\{code="login.failed"\} (\d+)/.exec(await registry.metrics())?.[1] ?? 0,
      );
    const before = await counted();
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await logIn(email, wrong)).statusCode).toBe(401);
    }
    expect(await counted()).toBe(before + 3);
    for (const { userId } of people) {
      expect(await house.actsOn(userId)).toEqual(['session.refused password']);
    }
  });

  test('are not forgotten for who is right: another house may have an account of the address', async () => {
    const [alone, elsewhere] = ['in-one-house@example.com', 'in-two-houses@example.com'];
    await inHouses(alone, [house.here]);
    await inHouses(elsewhere, [house.here, house.there]);
    for (const email of [alone, elsewhere]) {
      await house.deps.db.pool.raw('delete from login_tries');
      for (let tries = 0; tries < 3; tries += 1) {
        expect((await logIn(email, wrong)).statusCode).toBe(401);
      }
      expect((await logIn(email)).statusCode).toBe(303);
      expect(await failures(), email).toEqual([3, 3, 3]);
    }
  });

  test('from a browser that is known say nothing of accounts in other houses', async () => {
    const [alone, elsewhere] = ['known-in-one@example.com', 'known-in-one-of-two@example.com'];
    for (const [email, others] of [
      [alone, []],
      [elsewhere, [house.there]],
    ] as const) {
      await house.deps.db.pool.raw('delete from login_tries');
      const own = await house.personCalled(email, { role: 'owner', organizationId: house.here });
      const device = deviceIn(await logIn(email));
      await inHouses(email, others);
      await house.deps.db.pool.raw('delete from login_tries');
      expect((await logIn(email, wrong, device)).statusCode).toBe(401);
      expect(await failures(), email).toEqual([1, 1, 1, 1]);
      expect((await logIn(email, wrong)).statusCode).toBe(401);
      await makeThemWait();
      await house.deps.db.pool.raw('delete from login_tries where failures = 1');
      expect((await logIn(email, wrong, device)).statusCode).toBe(401);
      // Of whichever guesses at whichever accounts together, the house reads the same.
      expect(await house.actsOn(own.userId)).toEqual([
        'session.begin password',
        'session.refused password',
      ]);
    }
  });

  test('that nobody had time to look at are not counted, and an address of nobody costs a hash too', async () => {
    const { email } = await house.person();
    await whileBusy(async () => {
      expect((await logIn('nobody-at-all@example.com')).statusCode).toBe(503);
      for (let tries = 0; tries < 8; tries += 1) {
        expect((await logIn(email)).statusCode).toBe(503);
      }
    });
    expect((await logIn(email)).statusCode).toBe(303);
  });

  test('are refused after a time that does not say how many accounts were looked at', async () => {
    const startedMs = performance.now();
    expect((await logIn('nobody-here@example.com')).statusCode).toBe(401);
    expect(performance.now() - startedMs).toBeGreaterThan(answeredEveryMs - 2);
  });
});

describe('while strangers guess', () => {
  test('a browser that somebody logged in with before lets them in', async () => {
    const { email } = await house.person();
    const device = deviceIn(await logIn(email));
    expect((await logIn(email, wrong)).statusCode).toBe(401);
    await makeThemWait();
    expect((await logIn(email)).statusCode).toBe(429);
    expect((await logIn(email, housePassword, device)).statusCode).toBe(303);
    // Nor are the strangers better off for it.
    expect((await logIn(email)).statusCode).toBe(429);
  });

  test('there is a moment to look at a browser that is known, though there is none for them', async () => {
    const { email } = await house.person();
    const device = deviceIn(await logIn(email));
    await whileBusy(async () => {
      expect((await logIn(email)).statusCode).toBe(503);
      expect((await logIn(email, housePassword, device)).statusCode).toBe(303);
    });
  });

  test('what it guessed at is counted and written down, though there was no moment for the rest', async () => {
    const { email, userId } = await house.person();
    const device = deviceIn(await logIn(email));
    await house.deps.db.pool.raw('delete from login_tries');
    await whileBusy(async () => {
      expect((await logIn(email, wrong, device)).statusCode).toBe(503);
    });
    expect(await failures()).toEqual([0, 0, 0, 1]);
    expect(await house.actsOn(userId)).toContain('session.refused password');
  });

  test('no browser and no session guesses at codes apart from the others', async () => {
    const person = await house.person();
    // Older than the second factor, as of somebody who knew the password before.
    const old = await logIn(person.email);
    const device = deviceIn(old) ?? '';
    const codeAt = await house.secondFactorOf(person);
    const give = async (code: string) =>
      await house.ask('POST /login/code', {
        session: await house.sessionOf(person, true),
        device,
        form: { code },
      });
    expect((await give('12345x')).statusCode).toBe(401);
    await makeThemWait();
    expect((await give(codeAt(0))).statusCode).toBe(429);
    const removal = await house.askForSelf('/account/code/remove', sessionIn(old) ?? '', {
      code: codeAt(0),
    });
    expect([removal.statusCode, await hasCode(person)]).toEqual([429, true]);
    expect(deviceIn(await logIn(person.email, housePassword, device))).toBeUndefined();
  });

  test('known to one house, it is whatever another does, and guesses at that one as a stranger', async () => {
    const email = 'known-in-one-house@example.com';
    await inHouses(email, [house.there]);
    const device = deviceIn(await logIn(email));
    const other = await house.personCalled(email, { role: 'owner', organizationId: house.here });
    const elsewhere = 'what I say at the other house';
    await house.deps.db.pool.raw('update users set password_hash = :hash where id = :userId', {
      hash: await hashPassword(elsewhere, email),
      userId: other.userId,
    });
    expect((await logIn(email, wrong)).statusCode).toBe(401);
    await makeThemWait();
    expect((await logIn(email, housePassword, device)).statusCode).toBe(303);
    const early = await logIn(email, elsewhere, device);
    expect([early.statusCode, early.body]).toEqual([
      401,
      expect.stringMatching(/account is in another house, wait 3\d\d\d seconds/),
    ]);
    await house.deps.db.pool.raw('delete from login_tries');
    expect((await logIn(email, elsewhere, device)).statusCode).toBe(303);
    expect(await house.actsOn(other.userId)).toEqual([
      'session.refused password',
      'session.begin password',
    ]);
  });

  test('it waits for its own guesses, and no other browser does', async () => {
    const { email } = await house.person();
    const [one, other] = [deviceIn(await logIn(email)), deviceIn(await logIn(email))];
    await house.deps.db.pool.raw('delete from login_tries');
    expect((await logIn(email, wrong, one)).statusCode).toBe(401);
    await makeThemWait();
    expect((await logIn(email, housePassword, one)).statusCode).toBe(429);
    expect((await logIn(email, housePassword, other)).statusCode).toBe(303);
  });

  test('somebody who is logged in changes their password, and only that browser stays known', async () => {
    const { email } = await house.person();
    const old = await logIn(email);
    expect((await logIn(email, wrong)).statusCode).toBe(401);
    await makeThemWait();
    const next = 'another sentence only I would say';
    const changed = await house.askForSelf('/account/password', sessionIn(old) ?? '', {
      current: housePassword,
      next,
    });
    expect(changed.statusCode).toBe(303);
    expect((await logIn(email, next, deviceIn(old))).statusCode).toBe(429);
    expect((await logIn(email, next, deviceIn(changed))).statusCode).toBe(303);
  });

  test('a link lets somebody in wherever they are, and their browser is known', async () => {
    const person = await house.person();
    expect((await logIn(person.email, wrong)).statusCode).toBe(401);
    await makeThemWait();
    const entered = await house.ask(`POST ${await house.linkOf(person, 'login')}`, { form: {} });
    expect(entered.statusCode).toBe(303);
    expect((await logIn(person.email, housePassword, deviceIn(entered))).statusCode).toBe(303);
  });
});
