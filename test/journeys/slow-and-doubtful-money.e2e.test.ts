import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  count,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  placeOrder,
  readOrder,
  sellEvent,
  startWorld,
  stripe,
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

const oneSeat = { tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 1 }] };

/** An order whose page is complete, while the bank takes its days. */
async function orderOnItsWay(event: Parameters<typeof placeOrder>[1]): Promise<Placed> {
  const placed = await placeOrder(world, event, 1);
  const paid = await stripe(world, `checkout_sessions/${placed.sessionId}/pay_later`, {});
  expect(paid.body.outcome).toBe('processing');
  await waitFor(
    async () =>
      (await count(world, `from checkout_attempts where order_id = :id and state = 'completed'`, {
        id: placed.orderId,
      })) === 1,
    { what: 'the page to be known as complete' },
  );
  return placed;
}

test('money on its way keeps the seat past the deadline, and becomes the ticket', async () => {
  const event = await sellEvent(world, oneSeat);
  const placed = await orderOnItsWay(event);
  expect((await readOrder(world, placed)).body).toMatchObject({ status: 'pending', tickets: [] });
  expect(
    await count(world, `from ticket_holds where id = :id and expires_at = 'infinity'`, {
      id: placed.holdId,
    }),
  ).toBe(1);
  await stripe(world, `checkout_sessions/${placed.sessionId}/arrive`, { outcome: 'succeeded' });
  expect((await orderBecomes(world, placed, 'fulfilled')).tickets).toHaveLength(1);
});

test('money that does not arrive gives the seat to the next', async () => {
  const event = await sellEvent(world, oneSeat);
  const placed = await orderOnItsWay(event);
  expect((await placeHold(world, event, 1)).status).toBe(409);
  await stripe(world, `checkout_sessions/${placed.sessionId}/arrive`, { outcome: 'failed' });
  await waitFor(
    async () =>
      (await count(world, `from checkout_attempts where order_id = :id and state = 'failed'`, {
        id: placed.orderId,
      })) === 1,
    { what: 'the failure to be known' },
  );
  await world.db.pool.raw(
    `update ticket_holds set expires_at = clock_timestamp() - interval '1 second'
      where id = :id and expires_at <> 'infinity'`,
    { id: placed.holdId },
  );
  await orderBecomes(world, placed, 'expired');
  expect((await placeHold(world, event, 1)).status).toBe(201);
});

test('3-D Secure that fails leaves the order open, and passing it pays', async () => {
  const event = await sellEvent(world, oneSeat);
  const placed = await placeOrder(world, event, 1);
  const card = '4000 0027 6000 3184';
  const failed = await pay(world, placed.sessionId, { card, three_d_secure: 'fail' });
  expect(failed.body).toMatchObject({ outcome: 'declined' });
  expect((await readOrder(world, placed)).body.status).toBe('pending');
  const passed = await pay(world, placed.sessionId, { card, three_d_secure: 'pass' });
  expect(passed.body.outcome).toBe('paid');
  await orderBecomes(world, placed, 'fulfilled');
});
