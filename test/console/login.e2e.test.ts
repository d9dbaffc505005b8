import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { formTokenIn, goodPassword, invitePerson, type TestPerson, Visitor } from '#support/people';
import { http, startWorld, type World } from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => await world[Symbol.asyncDispose]());

function aVisitor(): Visitor {
  return new Visitor(world.stack.urls.ops);
}

/** Somebody with a password, logged in nowhere. */
async function aPerson(role: 'owner' | 'support' = 'owner'): Promise<TestPerson> {
  const person = await invitePerson(world, role);
  await aVisitor().post(person.link, { password: goodPassword });
  return person;
}

async function logIn(visitor: Visitor, email: string, password = goodPassword): Promise<Response> {
  return await visitor.post('/login', { email, password, to: '/console/orders' });
}

async function reaches(visitor: Visitor, path = '/console'): Promise<boolean> {
  return (await visitor.get(path)).status === 200;
}

/** Forgets delays, as a day would. */
async function beForgiven(): Promise<void> {
  await world.db.pool.raw('delete from login_tries');
}

describe('a password', () => {
  test('is chosen by a link that works once, and lets in from then on', async () => {
    const person = await invitePerson(world, 'owner');
    const visitor = aVisitor();
    expect((await visitor.get(person.link)).status).toBe(200);
    const short = await visitor.post(person.link, { password: 'short' });
    expect([short.status, await short.text()]).toEqual([422, expect.stringContaining('15 to 256')]);
    expect((await visitor.post(person.link, { password: goodPassword })).status).toBe(303);
    expect(await reaches(visitor)).toBe(true);
    expect((await aVisitor().post(person.link, { password: goodPassword })).status).toBe(404);
    const another = aVisitor();
    const answer = await logIn(another, person.email.toUpperCase());
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/orders']);
    expect(await reaches(another)).toBe(true);
  });

  test('that is wrong, of nobody, or of who has none: one answer for all', async () => {
    const known = await aPerson();
    const invited = await invitePerson(world, 'owner');
    const answers = await Promise.all(
      [known.email, invited.email, 'nobody@example.com'].map(async (email) => {
        const answer = await logIn(aVisitor(), email, 'a wrong password, long');
        return [answer.status, (await answer.text()).replaceAll(email, 'X')];
      }),
    );
    expect(answers[0]?.[0]).toBe(401);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await beForgiven();
  });

  test('is guessed at ten thousand times, and a handful of guesses is looked at', async () => {
    const { email } = await aPerson();
    const statuses = new Map<number, number>();
    const guess = async (index: number) => {
      const answer = await logIn(aVisitor(), email, `guess number ${index} of many`);
      await answer.arrayBuffer();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    };
    for (let from = 0; from < 10_000; from += 50) {
      await Promise.all(Array.from({ length: 50 }, async (_, index) => await guess(from + index)));
    }
    expect((statuses.get(401) ?? 0) + (statuses.get(503) ?? 0)).toBeLessThan(20);
    expect(statuses.get(429)).toBeGreaterThan(9_900);
    // However long the guesses took, the last wait is not over yet.
    await world.db.pool.raw(
      `update login_tries set blocked_until = clock_timestamp() + interval '1 hour'`,
    );
    const right = await logIn(aVisitor(), email);
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    await beForgiven();
    expect((await logIn(aVisitor(), email)).status).toBe(303);
  });

  test('that is changed ends the sessions elsewhere, and is asked for before', async () => {
    const { email } = await aPerson();
    const [here, there] = [aVisitor(), aVisitor()];
    await logIn(here, email);
    await logIn(there, email);
    const form_token = formTokenIn(await (await here.get('/account')).text());
    const next = 'another sentence of mine';
    const wrong = await here.post('/account/password', { form_token, current: 'wrong', next });
    expect(wrong.status).toBe(401);
    const right = { form_token, current: goodPassword, next };
    expect((await here.post('/account/password', right)).status).toBe(303);
    expect(await reaches(here)).toBe(true);
    expect(await reaches(there)).toBe(false);
    expect((await logIn(aVisitor(), email, next)).status).toBe(303);
  });
});

describe('a session', () => {
  test('lies in a cookie that no script and no other host sees, and is another after each login', async () => {
    const { email } = await aPerson();
    const visitor = aVisitor();
    const planted = 'P'.repeat(43);
    visitor.setCookie('__Host-liventix', planted);
    const answer = await logIn(visitor, email);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-liventix=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(visitor.session).not.toBe(planted);
    const first = visitor.session ?? '';
    await logIn(visitor, email);
    expect(visitor.session).not.toBe(first);
    const old = aVisitor();
    old.setCookie('__Host-liventix', first);
    expect([await reaches(old), await reaches(visitor)]).toEqual([false, true]);
  });

  test('that has expired, ended, or lost its person opens nothing', async () => {
    const person = await aPerson('support');
    const visitor = aVisitor();
    for (const over of [
      `seen_at = now() - interval '61 minutes'`,
      `created_at = now() - interval '12 hours', expires_at = now()`,
    ]) {
      await logIn(visitor, person.email);
      expect(await reaches(visitor)).toBe(true);
      await world.db.pool.raw(`update user_sessions set ${over} where user_id = :userId`, {
        userId: person.userId,
      });
      expect(await reaches(visitor), over).toBe(false);
    }
    await logIn(visitor, person.email);
    const page = await (await visitor.get('/account')).text();
    expect((await visitor.post('/logout', { form_token: 'wrong' })).status).toBe(403);
    expect(await reaches(visitor)).toBe(true);
    const taken = visitor.session ?? '';
    expect((await visitor.post('/logout', { form_token: formTokenIn(page) })).status).toBe(303);
    visitor.setCookie('__Host-liventix', taken);
    const sent = await visitor.get('/console/orders?query=x');
    expect(sent.headers.get('location')).toBe('/login?to=%2Fconsole%2Forders%3Fquery%3Dx');
    const api = await http(`${world.stack.urls.ops}/admin/v1/events`, {
      headers: { cookie: `__Host-liventix=${taken}` },
    });
    expect([api.status, api.body.code]).toEqual([401, 'session.over']);
    await logIn(visitor, person.email);
    const removed = await http(`${world.stack.urls.ops}/admin/v1/people/${person.userId}/remove`, {
      method: 'POST',
      token: world.stack.adminApiKey,
    });
    expect(removed.status).toBe(200);
    expect(await reaches(visitor)).toBe(false);
    expect((await logIn(visitor, person.email)).status).toBe(401);
    await beForgiven();
  });

  test('begins from our own page alone, and goes on to our own pages alone', async () => {
    const { email } = await aPerson();
    const lured = await aVisitor().post(
      '/login',
      { email, password: goodPassword },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(lured.status).toBe(403);
    const to = ['//evil.example', 'https://evil.example', '/\\evil.example', '/console/../x y'];
    for (const target of to) {
      const visitor = aVisitor();
      const answer = await visitor.post('/login', { email, password: goodPassword, to: target });
      expect(answer.headers.get('location'), target).toBe('/');
    }
  });
});

test('a second factor is asked for, and no code of it lets in twice', async () => {
  const { email } = await aPerson();
  const visitor = aVisitor();
  await logIn(visitor, email);
  const form_token = formTokenIn(await (await visitor.get('/account')).text());
  const offer = await (await visitor.post('/account/code/offer', { form_token })).text();
  const secret = /<code>([A-Z2-7]{32})<\/code>/.exec(offer)?.[1] ?? expect.fail('no secret');
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const codeAt = (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 });
  const confirmed = codeAt(0);
  const confirm = { form_token, code: confirmed };
  expect((await visitor.post('/account/code/confirm', { form_token, code: '000000' })).status).toBe(
    401,
  );
  expect((await visitor.post('/account/code/confirm', confirm)).status).toBe(303);

  const next = aVisitor();
  const half = await logIn(next, email);
  expect(half.headers.get('location')).toBe('/login/code?to=%2Fconsole%2Forders');
  const halfSession = next.session;
  expect(await reaches(next)).toBe(false);
  expect((await next.post('/login/code', { code: confirmed })).status).toBe(401);
  const code = codeAt(1);
  const racing = await Promise.all([
    next.post('/login/code', { code }),
    next.post('/login/code', { code }),
  ]);
  expect(racing.map(({ status }) => status).toSorted()).toEqual([303, 401]);
  expect(next.session).not.toBe(halfSession);
  expect(await reaches(next)).toBe(true);
  const replayed = aVisitor();
  await logIn(replayed, email);
  expect((await replayed.post('/login/code', { code })).status).toBe(401);
  expect(await reaches(replayed)).toBe(false);
  const { rows } = await world.db.pool.raw('select totp_secret from users where email = :email', {
    email,
  });
  expect(rows[0].totp_secret).not.toContain(secret);
  await beForgiven();
});

describe('keys', () => {
  const ops = () => world.stack.urls.ops;
  const make = async (token: string, body: object) =>
    await http(`${ops()}/admin/v1/api-keys`, { token, body: { name: 'Narrow', ...body } });

  test('do what their scopes say and no more, and make none that may do more', async () => {
    const token = world.stack.adminApiKey;
    const narrow = await make(token, { role: 'owner', scopes: ['people.write', 'events.read'] });
    const { key } = narrow.body;
    expect((await http(`${ops()}/admin/v1/events`, { token: key })).status).toBe(200);
    const refused = await http(`${ops()}/admin/v1/orders?query=x`, { token: key });
    expect([refused.status, refused.body.code]).toEqual([403, 'api_key.forbidden']);
    expect((await make(key, { role: 'owner' })).body.code).toBe('api_key.forbidden');
    expect((await make(key, { role: 'door', scopes: ['events.read'] })).status).toBe(201);
  });

  test('of people: an organization keeps an owner', async () => {
    const { rows } = await world.db.pool.raw(
      `select id from users where role = 'owner' and removed_at is null`,
    );
    const token = world.stack.adminApiKey;
    const demote = async (id: string) =>
      await http(`${ops()}/admin/v1/people/${id}/role`, {
        method: 'PUT',
        token,
        body: { role: 'read_only' },
      });
    const answers: string[] = [];
    for (const { id } of rows) {
      const answer = await demote(id);
      answers.push(answer.body.code ?? answer.body.status);
    }
    expect(answers.at(-1)).toBe('person.last_owner');
    expect(new Set(answers.slice(0, -1))).toEqual(new Set(['changed']));
  });
});
