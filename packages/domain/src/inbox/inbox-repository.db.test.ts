import { migrations } from '@liventix/domain/migrations';
import { registry } from '@liventix/shared/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import {
  deleteOldEvents,
  findStripeEvent,
  markStripeEventProcessed,
  receiveStripeEvents,
} from './inbox-repository.ts';
import { type StripeEvent, stripeEventSchema } from './stripe-event.ts';

const orderId = '019aa0de-0000-7000-8000-000000000001';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.pool.raw('truncate stripe_events, resend_events, outbox');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

function event(id: string, overrides: { type?: string; note?: string; ageS?: number } = {}) {
  return stripeEventSchema.parse({
    id,
    object: 'event',
    type: overrides.type ?? 'checkout.session.completed',
    api_version: '2026-09-30.endive',
    created: Math.floor(Date.now() / 1_000) - (overrides.ageS ?? 0),
    livemode: false,
    data: {
      object: {
        object: 'checkout.session',
        id: 'cs_1',
        client_reference_id: orderId,
        customer_details: { name: 'Ann' },
        metadata: { note: overrides.note ?? 'none' },
      },
    },
  });
}

async function receive(stripeEvent: StripeEvent) {
  const [received] = await database.db.inTransaction(
    async (tx) => await receiveStripeEvents(tx, [{ event: stripeEvent, source: 'webhook' }]),
  );
  return received;
}

async function rowsOf(table: 'stripe_events' | 'outbox') {
  const { rows } = await database.db.pool.raw('select * from :table: order by id', { table });
  return rows;
}

test('a batch with doubles in it stores each event once, and says so in its order', async () => {
  await receive(event('evt_2'));
  const batch = ['evt_3', 'evt_1', 'evt_2', 'evt_1'].map((id) => ({
    event: event(id),
    source: 'webhook' as const,
  }));
  const received = await database.db.inTransaction(
    async (tx) => await receiveStripeEvents(tx, batch),
  );
  expect(received.map((one) => one.outcome)).toEqual(['stored', 'stored', 'known', 'known']);
  expect(await rowsOf('stripe_events')).toHaveLength(3);
  expect(await rowsOf('outbox')).toHaveLength(3);
});

test('batches that share events, in both orders at once, neither deadlock nor double', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `evt_${n}`);
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, async (_, n) =>
      database.db.inTransaction(async (tx) => {
        const order = n % 2 === 0 ? ids : ids.toReversed();
        return await receiveStripeEvents(
          tx,
          order.map((id) => ({ event: event(id), source: 'webhook' as const })),
        );
      }),
    ),
  );
  expect(outcomes.flat().filter((one) => one.outcome === 'stored')).toHaveLength(40);
  expect(await rowsOf('outbox')).toHaveLength(40);
});

async function close(eventId: string, error?: string): Promise<void> {
  await database.db.inTransaction(async (tx) => await markStripeEventProcessed(tx, eventId, error));
}

/** What was counted of events of Stripe that were processed. */
async function waits(): Promise<{ readonly count: number; readonly seconds: number }> {
  const text = await registry.metrics();
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}\\{provider="stripe",.*\\} (.+)$`, 'gm'))].reduce(
      (all, [, value]) => all + Number(value),
      0,
    );
  return {
    count: sum('webhook_processing_seconds_count'),
    seconds: sum('webhook_processing_seconds_sum'),
  };
}

describe('receiving a Stripe event', () => {
  test('stores it with the message that it causes', async () => {
    expect(await receive(event('evt_1'))).toMatchObject({
      outcome: 'stored',
      decision: { kind: 'enqueue', name: 'order.settle' },
    });
    expect(await rowsOf('stripe_events')).toMatchObject([
      { id: 'evt_1', source: 'webhook', livemode: false, processed_at: null },
    ]);
    expect(await rowsOf('outbox')).toMatchObject([
      {
        queue: 'ticketing',
        name: 'order.settle',
        payload: { orderId, sessionId: 'cs_1', eventId: 'evt_1' },
      },
    ]);
  });

  test('fifty deliveries at once leave one event and one message', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async () => await receive(event('evt_1'))),
    );
    expect(outcomes.filter((received) => received?.outcome === 'stored')).toHaveLength(1);
    expect(await rowsOf('stripe_events')).toHaveLength(1);
    expect(await rowsOf('outbox')).toHaveLength(1);
  });

  test('a delivery whose transaction was rolled back is stored by the next one', async () => {
    const broken = database.db.inTransaction(async (tx) => {
      await receiveStripeEvents(tx, [{ event: event('evt_1'), source: 'webhook' }]);
      throw new Error('the process dies here');
    });
    await expect(broken).rejects.toThrow('the process dies here');
    expect(await rowsOf('stripe_events')).toHaveLength(0);
    expect(await receive(event('evt_1'))).toMatchObject({ outcome: 'stored' });
    expect(await rowsOf('outbox')).toHaveLength(1);
  });

  test('an event that causes nothing is kept as processed, without a message', async () => {
    await receive(event('evt_1', { type: 'charge.updated' }));
    expect(await rowsOf('stripe_events')).toMatchObject([{ processed_at: expect.any(Date) }]);
    expect(await rowsOf('outbox')).toHaveLength(0);
  });

  test.for([
    ['NUL', 'An\0n', 'An\ufffdn'],
    ['half a surrogate pair', 'An\ud800n', 'An\ufffdn'],
    ['a whole surrogate pair', 'An\u{1f3ab}n', 'An\u{1f3ab}n'],
    ['an escape spelt out', 'An\\u0000n', 'An\\u0000n'],
  ] as const)('a text with %s does not keep it from being stored', async ([, note, stored]) => {
    await receive(event('evt_1', { note }));
    expect((await findStripeEvent(database.db.pool, 'evt_1'))?.payload).toMatchObject({
      data: { object: { metadata: { note: stored } } },
    });
  });
});

describe('a stored event', () => {
  test('does not say who it was about', async () => {
    await receive(event('evt_1'));
    const stored = await findStripeEvent(database.db.pool, 'evt_1');
    expect(stored?.payload).toMatchObject({ data: { object: { client_reference_id: orderId } } });
    expect(JSON.stringify(stored)).not.toContain('Ann');
  });

  test('is as old as Stripe says when it came late', async () => {
    await receive(event('evt_late', { ageS: 120 }));
    await receive(event('evt_now'));
    const late = await findStripeEvent(database.db.pool, 'evt_late');
    expect(late?.ageMs).toBeGreaterThanOrEqual(119_000);
    expect((await findStripeEvent(database.db.pool, 'evt_now'))?.ageMs).toBeLessThan(30_000);
    expect(await findStripeEvent(database.db.pool, 'evt_unknown')).toBeUndefined();
  });

  test('is closed once: a later closing changes nothing', async () => {
    await receive(event('evt_1'));
    await close('evt_1', 'no such\0 order');
    await close('evt_1');
    expect(await rowsOf('stripe_events')).toMatchObject([{ error: 'no such order' }]);
  });

  test('is counted with how long it waited for its end, once that is committed', async () => {
    const before = await waits();
    await receive(event('evt_1'));
    await database.db.pool.raw(`update stripe_events set received_at = now() - interval '90 s'`);
    const failing = database.db.inTransaction(async (tx) => {
      await markStripeEventProcessed(tx, 'evt_1');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await waits()).toEqual(before);
    await close('evt_1');
    await close('evt_1');
    const after = await waits();
    expect(after.count).toBe(before.count + 1);
    expect(after.seconds - before.seconds).toBeGreaterThanOrEqual(90);
    expect(after.seconds - before.seconds).toBeLessThan(120);
  });

  test('is deleted after 35 days when it was processed, in batches', async () => {
    for (const id of ['evt_1', 'evt_2', 'evt_3', 'evt_open', 'evt_young']) {
      await receive(event(id));
    }
    await database.db.pool.raw(
      `update stripe_events
          set processed_at = case when id <> 'evt_open' then now() end,
              received_at = now() - case when id = 'evt_young' then 34 else 36 end
                            * interval '1 day'`,
    );
    const deleteTwo = async () =>
      await database.db.inTransaction(async (tx) => await deleteOldEvents(tx, 2));
    expect([await deleteTwo(), await deleteTwo(), await deleteTwo()]).toEqual([2, 1, 0]);
    expect(await rowsOf('stripe_events')).toMatchObject([{ id: 'evt_open' }, { id: 'evt_young' }]);
  });
});
