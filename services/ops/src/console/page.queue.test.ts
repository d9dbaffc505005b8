import { problems } from '@liventix/contracts/problems';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { House } from '#testing/house';

let house: House;

beforeAll(async () => {
  house = await House.open({ database: inject('databaseUrl'), redis: inject('redisUrl') });
});
afterAll(async () => await house[Symbol.asyncDispose]());

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('a browser that asks for a page is shown a fault as one, and a program gets the document', async () => {
  const { title } = problems['route.not_found'];
  const shown = await house.ask('GET /nowhere', { headers: browser });
  expect([shown.statusCode, shown.headers['content-type']]).toEqual([
    404,
    'text/html; charset=utf-8',
  ]);
  expect(shown.body).toContain(`<h1>${title}</h1>`);
  expect(shown.headers['content-security-policy']).toContain("default-src 'none'");
  for (const accept of ['*/*', 'application/json, text/html']) {
    const told = await house.ask('GET /nowhere', { headers: { accept } });
    expect(told.json()).toMatchObject({ code: 'route.not_found' });
  }
});

test.for(['GET /console', 'GET /console/orders', 'GET /queues', 'GET /account', 'POST /logout'])(
  'while Postgres does not say who is asking, %s is a page that says so',
  async (route) => {
    const session = await house.sessionOf(await house.person());
    const form = route.startsWith('POST') && { form: {} };
    const shown = await house.deps.people.inTransaction(async (tx) => {
      await tx.raw('lock table user_sessions in access exclusive mode');
      return await house.ask(route, { session, headers: browser, ...form });
    });
    expect(shown.statusCode).toBe(503);
    expect(shown.body).toContain(`<h1>${problems['database.unavailable'].title}</h1>`);
  },
);
