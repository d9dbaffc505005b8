import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { admin } from '#support/codes';
import { endTime, freeWithoutStripe } from '#support/late';
import { refundsBecome } from '#support/refunds';
import {
  count,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  placeOrder,
  readOrder,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
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

test('an expired hold closes its page first, then its seats are free', async () => {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2 }],
  });
  const placed = await placeOrder(world, event, 2);
  await endTime(world, placed);
  await orderBecomes(world, placed, 'expired');
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('not_open');
  expect((await placeHold(world, event, 2)).status).toBe(201);
});

test('while Stripe does not answer, seats with an open page are kept', async () => {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2 }],
  });
  const placed = await placeOrder(world, event, 2);
  await setWeather(world, 'stripe', { down: true });
  await endTime(world, placed);
  // A hold without an order that ends afterwards shows that the sweep has been here.
  const marker = await sellEvent(world);
  const hold = await placeHold(world, marker);
  await world.db.pool.raw('update ticket_holds set expires_at = clock_timestamp() where id = :id', {
    id: hold.body.id,
  });
  await waitFor(
    async () =>
      (await count(world, `from ticket_holds where id = :id and status = 'expired'`, {
        id: hold.body.id,
      })) === 1,
    { what: 'the sweep to pass' },
  );
  expect((await readOrder(world, placed)).body.status).toBe('pending');
  expect((await placeHold(world, event, 2)).body.code).toBe('inventory.sold_out');
  await setWeather(world, 'stripe', {});
  await orderBecomes(world, placed, 'expired');
});

test('paid at the last moment: the sweep finds the page complete and the tickets are issued', async () => {
  await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await endTime(world, placed);
  await orderBecomes(world, placed, 'fulfilled');
});

test('a webhook after the seats were freed takes them again while they are there', async () => {
  await setWeather(world, 'stripe', { webhooks: { delay_ms: 60_000 } });
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await freeWithoutStripe(world, placed);
  const paid = await pay(world, placed.sessionId);
  expect(paid.body.outcome).toBe('paid');
  await orderBecomes(world, placed, 'fulfilled');
});

/** An order of both seats whose money came when they were sold to somebody else. */
async function paidTooLate(): Promise<Placed> {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2 }],
  });
  const placed = await placeOrder(world, event, 2);
  await freeWithoutStripe(world, placed);
  expect((await placeHold(world, event, 2)).status).toBe(201);
  await pay(world, placed.sessionId);
  await waitFor(
    async () =>
      (await count(
        world,
        `from refunds r join payments p on p.id = r.payment_id
          where p.order_id = :orderId and r.reason = 'disposition.sold_out'`,
        { orderId: placed.orderId },
      )) === 1,
    { what: 'the late money to be owed back' },
  );
  return placed;
}

test('late money for seats that are gone is owed back, and nothing is oversold', async () => {
  const placed = await paidTooLate();
  expect((await readOrder(world, placed)).body).toMatchObject({ status: 'expired', tickets: [] });
});

test.for(['origin', 'wallet'])(
  'late money that did not arrive is given back again: %s',
  async (to) => {
    const placed = await paidTooLate();
    const [made] = await refundsBecome(world, placed, ['succeeded']);
    await stripe(world, `refunds/${made.stripe_refund_id}/fail`, {});
    await refundsBecome(world, placed, ['failed']);
    const retried = await admin(world, `POST /refunds/${made.id}/retry?to=${to}`, {});
    expect(retried.status, retried.text).toBe(201);
    await refundsBecome(world, placed, ['failed', 'succeeded']);
    const open = `from incidents where resolved_at is null and details ->> 'orderId' = :orderId`;
    await waitFor(async () => (await count(world, open, { orderId: placed.orderId })) === 0, {
      what: 'nobody to be asked about it any more',
    });
  },
);
