import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { admin, attempt, checkOut, endTime, hold, makeAccess, place, usedOf } from '#support/codes';
import {
  http,
  orderBecomes,
  pay,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

describe('hidden tiers', () => {
  const backstage = {
    tiers: [
      { name: 'Backstage', price_cents: 9_000, capacity: 10, hidden: true },
      { name: 'Floor', price_cents: 2_500, capacity: 10 },
    ],
  };

  test('are shown and sold to who knows the code, and unknown to everybody else', async () => {
    const event = await sellEvent(world, backstage);
    const access = await makeAccess(world, event, { max_uses: 1 });
    const url = `${world.stack.urls.checkout}/v1/events`;
    const names = async (path: string) =>
      (await http(`${url}/${event.slug}${path}`)).body.tiers.map(
        (tier: { name: string }) => tier.name,
      );
    expect(await names('')).toEqual(['Floor']);
    expect(await names('?access_code=NO-SUCH')).toEqual(['Floor']);
    expect(await names(`?access_code=${access.code.toLowerCase()}`)).toEqual([
      'Backstage',
      'Floor',
    ]);
    const left = await http(`${url}/${event.slug}/availability`);
    expect(left.text).not.toContain(event.tierIds[0]);
    const list = await http(url);
    expect(list.text).not.toContain(event.tierIds[0]);

    expect(await attempt(world, event, {})).toBe('tier.not_found');
    expect(await attempt(world, event, { accessCode: 'NO-SUCH' })).toBe('tier.not_found');
    const tried = await hold(world, event, { accessCode: access.code });
    const placed = await place(world, event, { accessCode: access.code });
    expect((await checkOut(world, tried)).body.code).toBe('access_code.exhausted');
    expect(await names(`?access_code=${access.code}`)).toEqual(['Floor']);
    await pay(world, placed.sessionId);
    const order = await orderBecomes(world, placed, 'fulfilled');
    expect(order.tickets).toMatchObject([{ tier: 'Backstage' }]);
    expect(await usedOf(world, event, access)).toBe(1);
  });

  test('the use of a code comes back with the end of an unpaid order', async () => {
    const event = await sellEvent(world, backstage);
    const access = await makeAccess(world, event, { max_uses: 1 });
    const wish = { accessCode: access.code };
    const placed = await place(world, event, wish);
    expect(await attempt(world, event, wish)).toBe('tier.not_found');
    await endTime(world, placed);
    await orderBecomes(world, placed, 'expired');
    expect(await attempt(world, event, wish)).toBe('placed');
    expect((await admin(world, `POST /access-codes/${access.id}/disable`)).status).toBe(200);
    expect(await attempt(world, event, wish)).toBe('tier.not_found');
  });
});

describe('a limit per buyer', () => {
  test('counts a person, however the address is written, until an order ends', async () => {
    const event = await sellEvent(world, { max_per_buyer: 3 });
    const shown = await http(`${world.stack.urls.checkout}/v1/events/${event.slug}`);
    expect(shown.body.max_per_buyer).toBe(3);
    const first = await place(world, event, { quantities: [2], email: 'Ada.Lovelace+a@gmail.com' });
    const held = await hold(world, event, { quantities: [2] });
    const refused = await checkOut(world, held, { email: 'adalovelace@googlemail.com' });
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'buyer.limit_reached',
      details: { limit: 3, left: 1 },
    });
    expect(await attempt(world, event, { quantities: [1], email: 'ADALOVELACE@gmail.com' })).toBe(
      'placed',
    );
    // The dots of other providers tell people apart.
    expect(
      await attempt(world, event, { quantities: [3], email: 'ada.lovelace@example.com' }),
    ).toBe('placed');
    expect(await attempt(world, event, { quantities: [3], email: 'adalovelace@example.com' })).toBe(
      'placed',
    );
    await endTime(world, first);
    await orderBecomes(world, first, 'expired');
    expect((await checkOut(world, held, { email: 'adalovelace@googlemail.com' })).status).toBe(201);
  });

  test('is changed and lifted during the sale', async () => {
    const event = await sellEvent(world);
    const email = 'delivered+grace@resend.dev';
    expect(await attempt(world, event, { quantities: [4], email })).toBe('placed');
    const path = `PUT /events/${event.id}/buyer-limit`;
    expect((await admin(world, path, { max_per_buyer: 2 })).body.max_per_buyer).toBe(2);
    const held = await hold(world, event);
    const refused = await checkOut(world, held, { email });
    expect(refused.body.details).toEqual({ limit: 2, left: 0 });
    expect((await admin(world, path, { max_per_buyer: null })).body.max_per_buyer).toBeNull();
    expect((await checkOut(world, held, { email })).status).toBe(201);
  });
});
