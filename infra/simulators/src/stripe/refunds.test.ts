import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { intentOf, openShop, patience, pendingCard, refusalOf, type Shop } from './testing/shop.ts';

const failingCard = '4000000000005126';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => await shop[Symbol.asyncDispose]());

async function becomes(id: string, status: string): Promise<Stripe.Refund> {
  await expect
    .poll(async () => (await shop.stripe.refunds.retrieve(id)).status, patience)
    .toBe(status);
  return await shop.stripe.refunds.retrieve(id);
}

async function refund(charge: Stripe.Charge, change: Stripe.RefundCreateParams = {}) {
  return await shop.stripe.refunds.create({ payment_intent: intentOf(charge), ...change });
}

describe('a refund', () => {
  test('succeeds at once, is told in the recorded order, and its reference follows', async () => {
    const charge = await shop.buy();
    const before = (await shop.events()).length;
    const made = await refund(charge, {
      amount: 5_000,
      reason: 'requested_by_customer',
      metadata: { refund_id: 'r-1' },
    });
    expect(made).toMatchObject({
      object: 'refund',
      status: 'succeeded',
      amount: 5_000,
      charge: charge.id,
      payment_intent: charge.payment_intent,
      reason: 'requested_by_customer',
      metadata: { refund_id: 'r-1' },
      balance_transaction: expect.stringMatching(/^txn_/),
      destination_details: {
        type: 'card',
        card: {
          type: 'refund',
          reference_status: 'pending',
          reference_type: 'acquirer_reference_number',
        },
      },
    });
    expect(made.id).toMatch(/^re_3/);
    expect(made).not.toHaveProperty('livemode');
    await expect
      .poll(async () => await shop.eventTypes(before), patience)
      .toEqual(['refund.created', 'charge.refunded', 'refund.updated', 'charge.refund.updated']);
    const [created, refunded, updated] = (await shop.events()).slice(before);
    expect(created?.request).toMatchObject({ id: made.lastResponse.requestId });
    expect(created?.id).toMatch(/^evt_3/);
    expect(refunded?.data).toMatchObject({
      object: { amount_refunded: 5_000, refunded: true },
      previous_attributes: { amount_refunded: 0, refunded: false },
    });
    expect(updated?.data.object).toMatchObject({
      destination_details: { card: { reference_status: 'available' } },
    });
    await expect
      .poll(() => shop.received.map(({ type }) => type), patience)
      .toContain('charge.refund.updated');
  });

  test('of a part leaves the rest, and without an amount is the rest', async () => {
    const charge = await shop.buy({ amount: 1_000 });
    const first = await refund(charge, { amount: 490 });
    expect(await shop.stripe.charges.retrieve(charge.id)).toMatchObject({
      amount_refunded: 490,
      refunded: false,
    });
    const rest = await refund(charge);
    expect(rest.amount).toBe(510);
    const found = await shop.stripe.charges.retrieve(charge.id, { expand: ['refunds'] });
    expect(found).toMatchObject({ amount_refunded: 1_000, refunded: true });
    expect(found.refunds?.data.map(({ id }) => id)).toEqual([rest.id, first.id]);
    const told = await shop.events('charge.refunded');
    expect(told.map(({ data }) => data.previous_attributes)).toEqual([
      { amount_refunded: 0 },
      { amount_refunded: 490, refunded: false },
    ]);
  });

  test('may be asked for by its charge, and takes metadata later', async () => {
    const charge = await shop.buy();
    const made = await shop.stripe.refunds.create({ charge: charge.id, amount: 100 });
    const changed = await shop.stripe.refunds.update(made.id, { metadata: { note: 'goodwill' } });
    expect(changed.metadata).toEqual({ note: 'goodwill' });
    expect((await shop.events('refund.updated')).at(-1)?.data.previous_attributes).toMatchObject({
      metadata: {},
    });
  });

  test('made in the Dashboard is told as nobody’s call', async () => {
    const charge = await shop.buy();
    const made = await shop.control<Stripe.Refund>('refunds', {
      payment_intent: charge.payment_intent,
      amount: 700,
    });
    expect(made).toMatchObject({ amount: 700, status: 'succeeded', metadata: {} });
    const [created] = await shop.events('refund.created');
    expect(created?.request).toEqual({ id: null, idempotency_key: null });
    const { data } = await shop.stripe.refunds.list({ payment_intent: intentOf(charge) });
    expect(data.map(({ id }) => id)).toEqual([made.id]);
  });
});

describe('a refund that takes its time', () => {
  test('is pending by card …7726, moves nothing yet, and succeeds', async () => {
    const charge = await shop.buy({ card: pendingCard });
    const before = (await shop.events()).length;
    const made = await refund(charge);
    expect(made).toMatchObject({
      status: 'pending',
      pending_reason: 'processing',
      balance_transaction: null,
    });
    expect((await shop.stripe.charges.retrieve(charge.id)).amount_refunded).toBe(0);
    const ended = await becomes(made.id, 'succeeded');
    expect(ended.balance_transaction).toMatch(/^txn_/);
    expect(ended).not.toHaveProperty('pending_reason');
    await expect
      .poll(async () => (await shop.eventTypes(before)).slice(0, 4), patience)
      .toEqual(['refund.created', 'refund.updated', 'charge.refund.updated', 'charge.refunded']);
    const updated = (await shop.events('refund.updated'))[0];
    expect(updated?.data.previous_attributes).toEqual({
      status: 'pending',
      pending_reason: 'processing',
      balance_transaction: null,
    });
  });

  test('succeeds by card …5126 and fails later: the money is back', async () => {
    const charge = await shop.buy({ card: failingCard });
    const made = await refund(charge);
    expect(made.status).toBe('succeeded');
    const ended = await becomes(made.id, 'failed');
    expect(ended).toMatchObject({
      failure_reason: 'expired_or_canceled_card',
      balance_transaction: made.balance_transaction,
      failure_balance_transaction: expect.stringMatching(/^txn_/),
    });
    const back = await shop.stripe.balanceTransactions.retrieve(
      String(ended.failure_balance_transaction),
    );
    expect(back).toMatchObject({
      type: 'refund_failure',
      reporting_category: 'refund_failure',
      amount: 5_000,
      fee: 0,
      net: 5_000,
      source: made.id,
    });
    const types = await shop.eventTypes();
    expect(types).toContain('refund.failed');
    expect(await shop.stripe.charges.retrieve(charge.id)).toMatchObject({
      amount_refunded: 0,
      refunded: false,
    });
    expect((await refund(charge, { amount: 100 })).amount).toBe(100);
  });

  test('ends as the bank says through the control routes, once', async () => {
    const charge = await shop.buy();
    await shop.control('refund_plans', { becomes: 'pending', times: 2 });
    const [first, second] = [
      await refund(charge, { amount: 10 }),
      await refund(charge, { amount: 20 }),
    ];
    expect([first.status, second.status]).toEqual(['pending', 'pending']);
    await shop.control(`refunds/${first.id}/succeed`);
    await shop.control(`refunds/${second.id}/fail`, { failure_reason: 'lost_or_stolen_card' });
    expect(await shop.stripe.refunds.retrieve(second.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
      balance_transaction: null,
    });
    await expect(shop.control(`refunds/${second.id}/succeed`)).rejects.toThrow('cannot succeed');
    await expect(shop.control(`refunds/${second.id}/fail`)).rejects.toThrow('cannot fail');
  });

  test('waits for an action of the buyer, and can be canceled so long', async () => {
    const charge = await shop.buy();
    await shop.control('refund_plans', { becomes: 'requires_action' });
    const made = await refund(charge);
    expect(made.status).toBe('requires_action');
    expect((await shop.stripe.refunds.cancel(made.id)).status).toBe('canceled');
    expect((await refund(charge)).amount).toBe(5_000);
  });

  test('waits for the balance to cover it', async () => {
    const charge = await shop.buy({ amount: 1_000 });
    await shop.control('refund_plans', { becomes: 'by_balance' });
    const made = await refund(charge);
    expect(made).toMatchObject({ status: 'pending', pending_reason: 'insufficient_funds' });
    await shop.buy({ amount: 1_000 });
    expect((await becomes(made.id, 'succeeded')).balance_transaction).toMatch(/^txn_/);
  });

  test('fails at once, or only for one payment, as planned', async () => {
    const [planned, other] = [await shop.buy(), await shop.buy()];
    await shop.control('refund_plans', {
      becomes: 'failed',
      failure_reason: 'declined',
      payment_intent: planned.payment_intent,
    });
    expect((await refund(other)).status).toBe('succeeded');
    expect(await refund(planned)).toMatchObject({
      status: 'failed',
      failure_reason: 'declined',
      balance_transaction: null,
    });
    expect((await refund(planned)).status).toBe('succeeded');
  });

  test('goes as usual once plans are taken back', async () => {
    await shop.control('refund_plans', { becomes: 'failed', times: 10 });
    await shop.control('refund_plans', {}, 'DELETE');
    expect((await refund(await shop.buy())).status).toBe('succeeded');
  });
});

describe('the list of refunds', () => {
  test('is cut by cursors, newest first, and by payment and time', async () => {
    const [charge, other] = [await shop.buy(), await shop.buy()];
    await refund(other);
    const made: string[] = [];
    for (const amount of [1, 2, 3, 4, 5]) {
      made.unshift((await refund(charge, { amount })).id);
    }
    const { refunds } = shop.stripe;
    const ofCharge = refunds.list({ payment_intent: intentOf(charge), limit: 2 });
    const all = await ofCharge.autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(made);
    const back = await refunds.list({ ending_before: String(made[2]), limit: 1 });
    expect(back).toMatchObject({ has_more: true, data: [{ id: made[1] }] });
    const { created } = await refunds.retrieve(String(made[0]));
    const within = await refunds.list({ created: { gte: created - 60, lt: created + 60 } });
    expect(within.data).toHaveLength(6);
    expect((await refunds.list({ created: { gte: created + 60 } })).data).toEqual([]);
    expect((await refunds.list({ created: { lt: created - 60 } })).data).toEqual([]);
    expect(await refusalOf(refunds.list({ starting_after: 're_nobody' }))).toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    });
  });
});
