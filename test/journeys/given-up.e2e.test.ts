import { randomUUID } from 'node:crypto';
import { listPaidWithoutTickets } from '@liventix/domain/orders/stuck-repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { admin, makePromo, usedOf } from '#support/codes';
import { dispute, openAbout } from '#support/disputes';
import { mailsBecome } from '#support/mails';
import {
  booksBecome,
  booksOf,
  givenBackAtStripe,
  intentOf,
  refund,
  refundsBecome,
  refundsOf,
} from '#support/refunds';
import { breakIssuing, type Unissuable } from '#support/unissuable';
import { cashBecomes, cashOf, checkOutWith, giveCredit } from '#support/wallets';
import {
  checkOut,
  count,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  placeOrder,
  readOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;
let event: SoldEvent;
let unissuable: Unissuable;

const smallHall = {
  tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 2, max_per_order: 2 }],
};

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  unissuable = await breakIssuing(world);
});
/** An event of two seats, of which no ticket can be issued until it is mended. */
beforeEach(async () => {
  event = await sellEvent(world, smallHall);
  await unissuable.add(event);
});
afterAll(async () => {
  await unissuable[Symbol.asyncDispose]();
  expect(await violations(world)).toEqual([]);
  const { body } = await admin(world, 'GET /health-snapshot');
  expect(body).toMatchObject({ accounting_matches: true });
  await world[Symbol.asyncDispose]();
});

/** A paid order of both seats that waits for its tickets. */
async function paidInVain(promo?: string): Promise<Placed> {
  const placed =
    promo === undefined
      ? await placeOrder(world, event, 2)
      : await checkOut(world, await placeHold(world, event, 2), { promo_code: promo });
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'paid');
  return placed;
}

/** Has everything done that was still to issue tickets of the order. */
async function allDone({ orderId }: Placed): Promise<void> {
  const left = `from outbox
    where payload ->> 'orderId' = :orderId and name in ('order.settle', 'tickets.ensure')
      and done_at is null`;
  await waitFor(async () => (await count(world, left, { orderId })) === 0, {
    what: `all that issues tickets of ${orderId} to be done`,
    timeoutMs: 120_000,
  });
}

/** Whether the console lists it as paid and without tickets, a minute later. */
async function isListed({ orderId }: Placed): Promise<boolean> {
  const { rows } = await world.db.pool.raw(
    `with aged as (
       update orders set paid_at = paid_at - interval '1 minute' where id = :orderId
     )
     select organization_id as organization from orders where id = :orderId`,
    { orderId },
  );
  const listed = await listPaidWithoutTickets(world.db.pool, rows[0].organization);
  return listed.some(({ id }) => id === orderId);
}

async function openIncidents({ orderId }: Placed): Promise<number> {
  const open = `from incidents where resolved_at is null and details ->> 'orderId' = :orderId`;
  return await count(world, open, { orderId });
}

async function ensureTickets({ orderId }: Placed): Promise<number> {
  return (await admin(world, `POST /orders/${orderId}/ensure-tickets`, {})).status;
}

describe('an order that is paid, and whose tickets cannot be issued', () => {
  test('is given back whole: it is cancelled, its seats are free, and no ticket ever comes', async () => {
    const promo = await makePromo(world, event, { discount: { percent: 20 } });
    const order = await paidInVain(promo.code);
    expect((await placeHold(world, event, 1)).status).toBe(409);
    expect(await isListed(order)).toBe(true);
    const key = randomUUID();
    const asked = await refund(world, order, { key });
    expect(asked).toMatchObject({ status: 201, body: { kind: 'whole', amount_cents: 4_000 } });
    expect((await refund(world, order, { key })).body.id).toBe(asked.body.id);
    expect(await refund(world, order, {})).toMatchObject({
      status: 409,
      body: { code: 'order.not_paid' },
    });
    expect((await readOrder(world, order)).body).toMatchObject({ status: 'cancelled' });
    expect(await usedOf(world, event, promo)).toBe(0);
    expect(await isListed(order)).toBe(false);
    const [mail] = await mailsBecome(world, order, ['refund_requested', 'refund_made']);
    expect(mail?.text).toContain('no tickets come of it');
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(4_000);
    expect(await booksOf(world, order)).toEqual({});

    await unissuable.mend(event);
    // It looks again whether money came that nobody heard of: that has been given back.
    expect(await ensureTickets(order)).toBe(202);
    await allDone(order);
    expect((await readOrder(world, order)).body).toMatchObject({
      status: 'cancelled',
      tickets: [],
    });
    expect((await placeHold(world, event, 2)).status).toBe(201);
  });

  test('is given back in no part, nor by tickets that it does not have', async () => {
    const order = await paidInVain();
    for (const body of [{ amount_cents: 100 }, { tickets: [randomUUID()] }]) {
      expect(await refund(world, order, body)).toMatchObject({
        status: 409,
        body: { code: 'order.not_issued' },
      });
    }
    expect(await refundsOf(world, order)).toEqual([]);
    await unissuable.mend(event);
    expect((await orderBecomes(world, order, 'fulfilled')).tickets).toHaveLength(2);
  });

  test('has what a wallet paid of it in the wallet again, and the rest at the bank', async () => {
    const wallet = await giveCredit(world, 3_000);
    const { placed: order } = await checkOutWith(world, event, wallet);
    await pay(world, order.sessionId);
    await orderBecomes(world, order, 'paid');
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    await cashBecomes(world, wallet, [3_000, 0]);
    expect(await givenBackAtStripe(world, order)).toBe(2_000);
    await booksBecome(world, order, {});
  });

  test('has all of it in the wallet again when no card paid', async () => {
    const wallet = await giveCredit(world, 5_000);
    const { placed: order } = await checkOutWith(world, event, wallet);
    await orderBecomes(world, order, 'paid');
    expect((await refund(world, order, {})).body).toMatchObject({ status: 'succeeded' });
    expect(await cashOf(world, wallet)).toEqual([5_000, 0]);
    expect(await booksOf(world, order)).toEqual({});
  });

  test('ends without a cent when it was free', async () => {
    const free = { name: 'Free', price_cents: 0, capacity: 2, max_per_order: 2 };
    const gratis = await sellEvent(world, { tiers: [free] });
    await unissuable.add(gratis);
    const nothing = await giveCredit(world, 100);
    const { placed: order } = await checkOutWith(world, gratis, nothing);
    await orderBecomes(world, order, 'paid');
    expect((await refund(world, order, {})).body).toMatchObject({ amount_cents: 0 });
    await orderBecomes(world, order, 'cancelled');
    const [mail] = await mailsBecome(world, order, ['refund_made']);
    expect(mail?.text).toContain('no tickets come of it');
    expect(mail?.text).not.toContain('given back');
    expect((await placeHold(world, gratis, 2)).status).toBe(201);
  });

  test('owes nothing any more that was given back at Stripe before, and says it once', async () => {
    const order = await paidInVain();
    const payment_intent = await intentOf(world, order);
    await stripe(world, 'refunds', { payment_intent, amount: 2_000 });
    await refundsBecome(world, order, ['succeeded']);
    expect(await booksOf(world, order)).toMatchObject({ goodwill: 2_000 });
    expect((await refund(world, order, {})).body).toMatchObject({ amount_cents: 3_000 });
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect(await booksOf(world, order)).toEqual({});

    await unissuable.mend(event);
    await allDone(order);
    await unissuable.add(event);
    const other = await paidInVain();
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, other) });
    await refundsBecome(world, other, ['succeeded']);
    expect((await refund(world, other, {})).body).toMatchObject({ amount_cents: 0 });
    expect(await booksOf(world, other)).toEqual({});
    const [, mail] = await mailsBecome(world, other, ['refund_made', 'refund_made']);
    expect(mail?.text).toContain('no money of yours left');
    expect((await readOrder(world, other)).body).toMatchObject({ status: 'cancelled' });
  });

  test('may be given back into the wallet of its buyer, who is told that no tickets come', async () => {
    const order = await paidInVain();
    expect((await refund(world, order, { to: 'wallet' })).body).toMatchObject({
      status: 'succeeded',
      amount_cents: 5_000,
    });
    const [mail] = await mailsBecome(world, order, ['wallet_credit']);
    expect(mail?.text).toContain('no tickets come of it');
    expect(await givenBackAtStripe(world, order)).toBe(0);
    expect(await booksOf(world, order)).toEqual({ stripe_balance: 5_000, wallet_credit: -5_000 });
  });

  test('has asked for again what had failed to go back, and its buyer hears of that', async () => {
    const order = await paidInVain();
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order) });
    const [made] = await refundsBecome(world, order, ['succeeded']);
    await stripe(world, `refunds/${made.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed']);
    expect(await openIncidents(order)).toBe(1);
    expect((await refund(world, order, {})).body).toMatchObject({ amount_cents: 0 });
    await refundsBecome(world, order, ['failed', 'succeeded', 'succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect(await booksOf(world, order)).toEqual({});
    expect(await openIncidents(order)).toBe(0);
    const mails = await mailsBecome(world, order, ['refund_made', 'refund_failed', 'refund_made']);
    expect(mails.at(-1)?.text).toContain('no tickets come of it');
  });

  test('and whose bank has the money back stays as it is until that is decided', async () => {
    const order = await paidInVain();
    const id = await dispute(world, order);
    await waitFor(async () => (await openAbout(world, 'dispute.opened', id)) === 1, {
      what: 'the dispute to be known',
    });
    expect((await refund(world, order, {})).body).toMatchObject({ code: 'order.disputed' });
    await unissuable.mend(event);
    const { tickets } = await orderBecomes(world, order, 'fulfilled');
    expect(tickets.map(({ status }: { status: string }) => status)).toEqual([
      'suspended',
      'suspended',
    ]);
  });

  test('and is given back as its tickets are issued ends one way', async () => {
    const order = await paidInVain();
    await unissuable.mend(event);
    const presses = Array.from({ length: 6 }, async (_, n) =>
      n % 2 === 0 ? await ensureTickets(order) : (await refund(world, order, {})).status,
    );
    const answers = await Promise.all(presses);
    expect(answers.filter((answer) => answer === 201)).toHaveLength(1);
    await allDone(order);
    await refundsBecome(world, order, ['succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect(await booksOf(world, order)).toEqual({});
    const { status, tickets } = (await readOrder(world, order)).body;
    const states = tickets.map((ticket: { status: string }) => ticket.status);
    expect([status, ...states]).toEqual(
      status === 'cancelled' ? ['cancelled'] : ['fulfilled', 'refunded', 'refunded'],
    );
  });
});

describe('money of such an order that does not arrive', () => {
  async function failedToGoBack(): Promise<{ readonly order: Placed; readonly refundId: string }> {
    const order = await paidInVain();
    await refund(world, order, {});
    const [made] = await refundsBecome(world, order, ['succeeded']);
    await stripe(world, `refunds/${made.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed']);
    expect(await booksOf(world, order)).toEqual({ stripe_balance: 5_000, owed_to_buyers: -5_000 });
    return { order, refundId: made.id };
  }

  test('is asked for again', async () => {
    const { order, refundId } = await failedToGoBack();
    await admin(world, `POST /refunds/${refundId}/retry`, {});
    await refundsBecome(world, order, ['failed', 'succeeded']);
    expect(await booksOf(world, order)).toEqual({});
  });

  test('is written off', async () => {
    const { order, refundId } = await failedToGoBack();
    await admin(world, `POST /refunds/${refundId}/write-off`, { reason: 'Nobody answers.' });
    expect(await booksOf(world, order)).toEqual({ stripe_balance: 5_000, write_offs: -5_000 });
  });

  test('was given back at Stripe instead, and is owed until somebody says so', async () => {
    const { order, refundId } = await failedToGoBack();
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order) });
    await refundsBecome(world, order, ['failed', 'succeeded']);
    expect((await admin(world, `POST /refunds/${refundId}/retry`, {})).status).toBe(409);
    await admin(world, `POST /refunds/${refundId}/write-off`, { reason: 'By the Dashboard.' });
    expect(await booksOf(world, order)).toEqual({ goodwill: 5_000, write_offs: -5_000 });
  });

  test('was a part that went back before, and is owed for itself', async () => {
    const order = await paidInVain();
    const payment_intent = await intentOf(world, order);
    await stripe(world, 'refunds', { payment_intent, amount: 2_000 });
    const [part] = await refundsBecome(world, order, ['succeeded']);
    await refund(world, order, {});
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(await openIncidents(order)).toBe(0);
    await stripe(world, `refunds/${part.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed', 'succeeded']);
    const owing = await admin(world, 'GET /health-snapshot');
    expect(owing.body).toMatchObject({ accounting_matches: true });
    await admin(world, `POST /refunds/${part.id}/retry`, {});
    await refundsBecome(world, order, ['failed', 'succeeded', 'succeeded']);
    expect(await givenBackAtStripe(world, order)).toBe(5_000);
    expect(await booksOf(world, order)).toEqual({});
  });
});
