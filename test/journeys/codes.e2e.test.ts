import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  admin,
  attempt,
  chargedFor,
  checkOut,
  endTime,
  hold,
  makePromo,
  place,
  placedBy,
  usedOf,
} from '#support/codes';
import {
  http,
  orderBecomes,
  pay,
  sellEvent,
  setWeather,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { RECONCILE_INTERVAL_MS: '600000' },
  });
});

afterEach(async () => await setWeather(world, 'stripe', {}));

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const thirds = {
  tiers: [
    { name: 'Floor', price_cents: 3_333, capacity: 100 },
    { name: 'Balcony', price_cents: 1_111, capacity: 100 },
    { name: 'Box', price_cents: 777, capacity: 100 },
  ],
};

describe('promo codes', () => {
  test('so many percent: Stripe charges exactly the discounted lines, and the tickets come', async () => {
    const event = await sellEvent(world, thirds);
    const promo = await makePromo(world, event, { discount: { percent: 15 } });
    const wish = { quantities: [1, 2, 1], promo: promo.code.toLowerCase() };
    const placed = await place(world, event, wish);
    // 15 % of 6332 is 949.8: 950, shared out as 500.05, 333.36 and 116.58.
    expect((await chargedFor(world, placed)).lines).toEqual([2_833, 1_889, 660]);
    await pay(world, placed.sessionId);
    const order = await orderBecomes(world, placed, 'fulfilled');
    expect(order).toMatchObject({
      promo_code: promo.code,
      discount_cents: 950,
      total_cents: 5_382,
      items: [{ discount_cents: 500 }, { discount_cents: 333 }, { discount_cents: 117 }],
    });
    expect(order.tickets).toHaveLength(4);
    expect((await chargedFor(world, placed)).paid).toBe(5_382);
    const story = await admin(world, `GET /orders/${placed.orderId}`);
    expect(story.body).toMatchObject({ promo_code: promo.code, discount_cents: 950 });
    const page = await http(`${world.stack.urls.checkout}/orders/t/${placed.orderToken}`);
    expect(page.text).toContain(`Promo code ${promo.code}`);
    expect(page.text).toContain('53.82');
    expect(await usedOf(world, event, promo)).toBe(1);
  });

  test('an amount off one tier, chosen when the page is open already: the old page is closed', async () => {
    const event = await sellEvent(world, thirds);
    const promo = await makePromo(world, event, {
      discount: { amount_cents: 1_000 },
      tiers: [event.tierIds[1]],
    });
    const held = await hold(world, event, { quantities: [1, 1, 0] });
    const first = placedBy(held, await checkOut(world, held));
    const changed = placedBy(held, await checkOut(world, held, { promo: promo.code }));
    expect(changed.orderId).toBe(first.orderId);
    expect((await pay(world, first.sessionId)).body.outcome).toBe('not_open');
    expect((await chargedFor(world, changed)).lines).toEqual([3_333, 111]);
    await pay(world, changed.sessionId);
    const order = await orderBecomes(world, changed, 'fulfilled');
    expect(order).toMatchObject({ discount_cents: 1_000, total_cents: 3_444 });
    expect((await chargedFor(world, changed)).paid).toBe(3_444);
    expect(await attempt(world, event, { quantities: [1], promo: promo.code })).toBe(
      'promo.not_applicable',
    );
  });

  test('the whole price: confirmed at once, and Stripe is never asked', async () => {
    const event = await sellEvent(world, thirds);
    const promo = await makePromo(world, event, { discount: { percent: 100 } });
    const placed = await place(world, event, { quantities: [1, 1, 1], promo: promo.code });
    expect(placed.sessionId).toBe('');
    const order = await orderBecomes(world, placed, 'fulfilled');
    expect(order).toMatchObject({ total_cents: 0, discount_cents: 5_221 });
    expect(order.tickets).toHaveLength(3);
  });

  test('a total that cards cannot pay is refused, and the hold can go on without', async () => {
    const event = await sellEvent(world, thirds);
    const promo = await makePromo(world, event, { discount: { percent: 99 } });
    const held = await hold(world, event);
    const refused = await checkOut(world, held, { promo: promo.code });
    expect(refused.body).toMatchObject({ code: 'order.below_minimum' });
    expect((await checkOut(world, held)).body.order).toMatchObject({ total_cents: 3_333 });
  });

  test('its last use comes back when the order expires, or is given back', async () => {
    const event = await sellEvent(world);
    const promo = await makePromo(world, event, {
      discount: { percent: 10 },
      max_redemptions: 1,
    });
    const wish = { promo: promo.code };
    const first = await place(world, event, wish);
    expect(await attempt(world, event, wish)).toBe('promo.exhausted');
    await endTime(world, first);
    await orderBecomes(world, first, 'expired');
    const second = await place(world, event, wish);
    expect(await attempt(world, event, wish)).toBe('promo.exhausted');
    await http(`${world.stack.urls.checkout}/v1/holds/${second.holdId}`, {
      method: 'DELETE',
      token: second.holdToken,
    });
    await orderBecomes(world, second, 'cancelled');
    const third = await place(world, event, wish);
    await pay(world, third.sessionId);
    await orderBecomes(world, third, 'fulfilled');
    expect(await usedOf(world, event, promo)).toBe(1);
  });

  test('late money keeps its reduced price, though somebody else has the last use by then', async () => {
    const event = await sellEvent(world, { max_per_buyer: 1 });
    const promo = await makePromo(world, event, {
      discount: { percent: 10 },
      max_redemptions: 1,
    });
    const wish = { promo: promo.code, email: 'delivered+late@resend.dev' };
    const late = await place(world, event, wish);
    await setWeather(world, 'stripe', { down: true });
    await world.db.pool.raw(
      `update checkout_attempts set expires_at = now() - interval '6 minutes'
        where order_id = :orderId`,
      { orderId: late.orderId },
    );
    await endTime(world, late);
    await orderBecomes(world, late, 'expired');
    await setWeather(world, 'stripe', {});
    const other = await place(world, event, { promo: promo.code });
    await pay(world, late.sessionId);
    expect(await orderBecomes(world, late, 'fulfilled')).toMatchObject({ total_cents: 2_250 });
    expect(await usedOf(world, event, promo)).toBe(2);
    // The other's end leaves one use, and one is what there may be.
    await endTime(world, other);
    await orderBecomes(world, other, 'expired');
    expect(await attempt(world, event, { promo: promo.code })).toBe('promo.exhausted');
    expect(await attempt(world, event, { email: wish.email })).toBe('buyer.limit_reached');
  });

  test('one that is disabled, not begun, or spelt wrong, says so; orders that have it keep it', async () => {
    const event = await sellEvent(world);
    const promo = await makePromo(world, event, { discount: { percent: 10 } });
    const soon = await makePromo(world, event, {
      discount: { percent: 10 },
      starts_at: '2031-01-01T00:00:00Z',
    });
    const placed = await place(world, event, { promo: promo.code });
    const disabled = await admin(world, `POST /promo-codes/${promo.id}/disable`);
    expect(disabled.body.disabled_at).not.toBeNull();
    expect(await attempt(world, event, { promo: promo.code })).toBe('promo.not_active');
    expect(await attempt(world, event, { promo: soon.code })).toBe('promo.not_active');
    expect(await attempt(world, event, { promo: 'NO-SUCH' })).toBe('promo.not_found');
    await pay(world, placed.sessionId);
    expect(await orderBecomes(world, placed, 'fulfilled')).toMatchObject({ total_cents: 2_250 });
  });
});

test('codes that contradict themselves or others are refused when they are made', async () => {
  const event = await sellEvent(world, {
    currency: 'kwd',
    tiers: [{ name: 'Floor', price_cents: 5_250, capacity: 10 }],
  });
  const other = await sellEvent(world);
  const make = async (kind: string, body: Readonly<Record<string, unknown>>) =>
    (await admin(world, `POST /events/${event.id}/${kind}`, body)).body.code;
  const percent = { discount: { percent: 10 } };
  await make('promo-codes', { code: 'EARLY', ...percent });
  expect(await make('promo-codes', { code: 'early', ...percent })).toBe('code.taken');
  expect(await make('promo-codes', { code: 'ELSE', ...percent, tiers: other.tierIds })).toBe(
    'tier.not_found',
  );
  expect(await make('access-codes', { code: 'ELSE', tiers: other.tierIds })).toBe('tier.not_found');
  const times = { starts_at: '2030-02-01T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' };
  expect(await make('promo-codes', { code: 'TIMES', ...percent, ...times })).toBe(
    'code.times_invalid',
  );
  expect(await make('promo-codes', { code: 'FILS', discount: { amount_cents: 1_005 } })).toBe(
    'promo.amount_not_chargeable',
  );
  const listed = await admin(world, `GET /events/${event.id}/promo-codes`);
  expect(listed.body.promo_codes).toMatchObject([{ code: 'EARLY', used: 0, tiers: [] }]);
});
