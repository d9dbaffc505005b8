import { waitFor } from '@liventix/shared/testing/wait';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import {
  count,
  http,
  orderBecomes,
  pay,
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
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterEach(async () => await setWeather(world, 'stripe', {}));

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/** The event of this type that Stripe made about a session. */
async function eventOf(sessionId: string, type: string): Promise<string> {
  const { data } = await stripeSdk().events.list({ type, limit: 100 });
  const found = data.find((event) => (event.data.object as { id?: string }).id === sessionId);
  return found?.id ?? '';
}

function stripeSdk(): Stripe {
  const { hostname, port } = new URL(world.stack.urls.stripe);
  return new Stripe(world.stack.stripeSecretKey, {
    protocol: 'http',
    host: hostname,
    port,
    telemetry: false,
  });
}

const messagesOpen = 'from outbox where done_at is null and dead_at is null';

test('one webhook fifty times at once makes one set of tickets', async () => {
  await setWeather(world, 'stripe', { webhooks: { duplicates: 9 } });
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event, 2);
  await pay(world, placed.sessionId);
  const eventId = await eventOf(placed.sessionId, 'checkout.session.completed');
  const sent = await stripe(world, `events/${eventId}/deliver`, { times: 50 });
  expect(sent.body.accepted).toBe(50);
  await orderBecomes(world, placed, 'fulfilled');
  await waitFor(async () => (await count(world, messagesOpen)) === 0, { what: 'a quiet outbox' });
  const bindings = { orderId: placed.orderId };
  expect(await count(world, 'from tickets where order_id = :orderId', bindings)).toBe(2);
  expect(await count(world, 'from emails where order_id = :orderId', bindings)).toBe(1);
  expect(await count(world, 'from payments where order_id = :orderId', bindings)).toBe(1);
});

test('with every webhook lost, reading the list of events brings the tickets', async () => {
  await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
});

test('return page and webhook at the same moment make one set of tickets', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event, 3);
  const { checkout } = world.stack.urls;
  await pay(world, placed.sessionId);
  await Promise.all([
    http(`${checkout}/v1/orders/${placed.orderId}/refresh`, { token: placed.orderToken, body: {} }),
    http(`${checkout}/v1/orders/${placed.orderId}/refresh`, { token: placed.orderToken, body: {} }),
    http(`${checkout}/orders/t/${placed.orderToken}?returned=1`),
  ]);
  expect((await orderBecomes(world, placed, 'fulfilled')).tickets).toHaveLength(3);
});

test('the return page alone is enough', async () => {
  await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await http(`${world.stack.urls.checkout}/orders/t/${placed.orderToken}?returned=1`);
  await orderBecomes(world, placed, 'fulfilled');
});

test.for([
  ['amount', { amount_total: 1 }, 'amount_differs'],
  ['currency', { currency: 'usd' }, 'currency_differs'],
  ['mode', { livemode: true }, 'mode_differs'],
] as const)(
  'a payment in the wrong %s issues nothing and calls a person',
  async ([, tamper, reason]) => {
    const event = await sellEvent(world);
    const placed = await placeOrder(world, event);
    await pay(world, placed.sessionId, { tamper });
    const bindings = { orderId: placed.orderId, reason };
    await waitFor(
      async () =>
        (await count(
          world,
          `from payments where order_id = :orderId and disposition = 'review'
           and disposition_reason = :reason`,
          bindings,
        )) === 1,
      { what: `the payment to be put aside as ${reason}` },
    );
    expect((await readOrder(world, placed)).body).toMatchObject({ status: 'pending', tickets: [] });
    expect(
      await count(
        world,
        `from incidents where kind = 'payment.review' and details ->> 'orderId' = :orderId`,
        { orderId: placed.orderId },
      ),
    ).toBe(1);
  },
);

test('a second payment of one order is recorded and owed back, and changes no ticket', async () => {
  const event = await sellEvent(world);
  const placed = await placeOrder(world, event);
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  // Stripe reports another paid session of the same attempt, as after a lost answer.
  const session = await stripeSdk().checkout.sessions.retrieve(placed.sessionId);
  const twin = { ...session, id: `${session.id}twin`, payment_intent: 'pi_3second' };
  await world.db.pool.raw(
    `insert into checkout_attempts (id, order_id, livemode, state, expected_amount_cents, currency,
                                    parameters, expires_at, session_id, closed_at)
     select gen_random_uuid(), order_id, livemode, 'superseded', expected_amount_cents, currency,
            parameters, expires_at, :twin, now()
       from checkout_attempts where session_id = :sessionId`,
    { twin: twin.id, sessionId: placed.sessionId },
  );
  await stripe(world, 'sessions', twin);
  await stripe(world, 'events', { type: 'checkout.session.completed', object: twin });
  const bindings = { orderId: placed.orderId };
  await waitFor(
    async () =>
      (await count(
        world,
        `from refunds r join payments p on p.id = r.payment_id
          where p.order_id = :orderId and p.disposition_reason = 'second_payment'
            and r.amount_cents = p.amount_cents`,
        bindings,
      )) === 1,
    { what: 'the second payment to be owed back' },
  );
  expect((await readOrder(world, placed)).body.tickets).toHaveLength(2);
});

test('an event about somebody else is stored and ignored', async () => {
  const sent = await stripe(world, 'events', {
    type: 'checkout.session.completed',
    object: { id: 'cs_test_foreign', object: 'checkout.session', client_reference_id: 'shop-7' },
  });
  await waitFor(
    async () =>
      (await count(world, 'from stripe_events where id = :id and processed_at is not null', {
        id: sent.body.id,
      })) === 1,
    { what: 'the foreign event to be put aside' },
  );
});
