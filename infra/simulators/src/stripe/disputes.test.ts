import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { intentOf, openShop, patience, refusalOf, type Shop } from './testing/shop.ts';

const disputingCard = '4000000000000259';
const inquiringCard = '4000000000001976';
const dayS = 86_400;

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => await shop[Symbol.asyncDispose]());

async function dispute(charge: Stripe.Charge, how: object = {}): Promise<Stripe.Dispute> {
  return await shop.control('disputes', { payment_intent: charge.payment_intent, ...how });
}

async function read(id: string): Promise<Stripe.Dispute> {
  return await shop.stripe.disputes.retrieve(id);
}

/** The dispute that a card opened by itself, and the events since the page was paid. */
async function openedBy(card: string): Promise<Stripe.Dispute> {
  const charge = await shop.buy({ card });
  const { data } = await shop.stripe.disputes.list({ payment_intent: intentOf(charge) });
  const [opened] = data;
  return opened ?? expect.fail('no dispute');
}

async function statusOf(id: string): Promise<string> {
  return (await read(id)).status;
}

/** Names of events from the one on that first has this name. */
async function eventsFrom(type: string): Promise<readonly string[]> {
  const types = await shop.eventTypes();
  return types.slice(types.indexOf(type));
}

describe('a chargeback', () => {
  test('by card …0259 comes with the charge, before the page is complete', async () => {
    const opened = await openedBy(disputingCard);
    expect(await shop.eventTypes()).toEqual([
      'charge.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'payment_intent.succeeded',
      'payment_intent.created',
      'checkout.session.completed',
      'charge.updated',
    ]);
    expect(opened).toMatchObject({
      object: 'dispute',
      amount: 5_000,
      status: 'needs_response',
      reason: 'fraudulent',
      is_charge_refundable: false,
      evidence_details: { has_evidence: false, submission_count: 0 },
      payment_method_details: { card: { case_type: 'chargeback', network_reason_code: '10.4' } },
      balance_transactions: [
        {
          type: 'adjustment',
          reporting_category: 'dispute',
          amount: -5_000,
          fee: 1_500,
          net: -6_500,
          source: opened.id,
        },
      ],
    });
    expect(opened.id).toMatch(/^du_/);
    const { due_by: dueBy } = opened.evidence_details;
    expect(dueBy).toBeGreaterThan(opened.created + 8 * dayS - 1);
    expect(dueBy).toBeLessThan(opened.created + 9 * dayS);
    const charge = await shop.stripe.charges.retrieve(String(opened.charge));
    expect(charge).toMatchObject({ disputed: true, amount_refunded: 0 });
  });

  test.for([
    ['4000000000002685', 'product_not_received', '13.1'],
    [disputingCard, 'fraudulent', '10.4'],
  ] as const)('by card %s is for %s', async ([card, reason, code]) => {
    expect(await openedBy(card)).toMatchObject({
      reason,
      payment_method_details: { card: { network_reason_code: code } },
    });
  });

  test('may be of a part, its fee is as set, and there is one of a charge', async () => {
    await shop.control('fees', { settle_delay_ms: 20, dispute: 2_000 }, 'PUT');
    const charge = await shop.buy();
    const opened = await dispute(charge, { amount: 1_200, reason: 'duplicate' });
    expect(opened).toMatchObject({
      amount: 1_200,
      reason: 'duplicate',
      balance_transactions: [{ amount: -1_200, fee: 2_000, net: -3_200 }],
    });
    await expect(dispute(charge)).rejects.toThrow('has a dispute already');
    const rest = shop.stripe.refunds.create({ charge: charge.id, amount: 100 });
    expect(await refusalOf(rest)).toMatchObject({ code: 'charge_disputed' });
    await expect(dispute(await shop.buy(), { amount: 5_001 })).rejects.toThrow('is of 5000 only');
  });

  test('of what was refunded in part is of the rest', async () => {
    const charge = await shop.buy();
    await shop.stripe.refunds.create({ charge: charge.id, amount: 1_500 });
    expect((await dispute(charge)).amount).toBe(3_500);
  });

  test('ends refunds on their way, or leaves them', async () => {
    const [ended, left] = [await shop.buy(), await shop.buy()];
    await shop.control('refund_plans', { becomes: 'pending', times: 2 });
    const refunds = [
      await shop.stripe.refunds.create({ charge: ended.id, amount: 10 }),
      await shop.stripe.refunds.create({ charge: left.id, amount: 10 }),
    ];
    await dispute(ended);
    await dispute(left, { fails_pending_refunds: false });
    const now = await Promise.all(
      refunds.map(async ({ id }) => await shop.stripe.refunds.retrieve(id)),
    );
    expect(now).toMatchObject([
      { status: 'failed', failure_reason: 'charge_for_pending_refund_disputed' },
      { status: 'pending' },
    ]);
  });
});

describe('the end of a chargeback', () => {
  test('won: the money is back, the fee is not, and the charge can be refunded', async () => {
    const charge = await shop.buy();
    const { id } = await dispute(charge);
    await shop.control(`disputes/${id}/win`);
    const won = await read(id);
    expect(won).toMatchObject({ status: 'won', is_charge_refundable: true });
    expect(won.balance_transactions).toMatchObject([
      { reporting_category: 'dispute', net: -6_500 },
      { reporting_category: 'dispute_reversal', amount: 5_000, fee: 0, net: 5_000 },
    ]);
    expect(await eventsFrom('charge.dispute.created')).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
    expect((await shop.stripe.charges.retrieve(charge.id)).disputed).toBe(true);
    expect((await shop.stripe.refunds.create({ charge: charge.id })).status).toBe('succeeded');
  });

  test('lost: nothing moves any more', async () => {
    const charge = await shop.buy();
    const { id } = await dispute(charge);
    await shop.control(`disputes/${id}/lose`);
    const lost = await read(id);
    expect(lost).toMatchObject({ status: 'lost', is_charge_refundable: false });
    expect(lost.balance_transactions).toHaveLength(1);
    expect((await shop.eventTypes()).slice(-1)).toEqual(['charge.dispute.closed']);
    await expect(shop.control(`disputes/${id}/win`)).rejects.toThrow('is lost');
    expect(await refusalOf(shop.stripe.refunds.create({ charge: charge.id }))).toMatchObject({
      code: 'charge_disputed',
    });
  });

  test('closed by us: lost at once', async () => {
    const { id } = await dispute(await shop.buy());
    expect((await shop.stripe.disputes.close(id)).status).toBe('lost');
    expect((await shop.eventTypes()).slice(-2)).toEqual([
      'charge.dispute.closed',
      'charge.updated',
    ]);
  });

  test('after it nothing can be changed, in the recorded words', async () => {
    const { id } = await dispute(await shop.buy());
    await shop.control(`disputes/${id}/lose`);
    for (const late of [
      shop.stripe.disputes.update(id, { evidence: { uncategorized_text: 'late' } }),
      shop.stripe.disputes.close(id),
    ]) {
      expect(await refusalOf(late)).toMatchObject({
        statusCode: 400,
        message: 'This dispute is already closed',
      });
    }
  });
});

describe('an inquiry', () => {
  test('by card …1976 takes no money and leaves the charge refundable', async () => {
    const opened = await openedBy(inquiringCard);
    expect(opened).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
      payment_method_details: { card: { case_type: 'inquiry', network_reason_code: '10' } },
    });
    const types = await shop.eventTypes();
    expect(types.filter((type) => type.includes('dispute'))).toEqual(['charge.dispute.created']);
  });

  test('is closed by the bank, by an answer, or by a full refund', async () => {
    const charges = [await shop.buy(), await shop.buy(), await shop.buy()];
    const opened = await Promise.all(
      charges.map(async (charge) => await dispute(charge, { inquiry: true })),
    );
    const [byBank = '', byAnswer = '', byRefund = ''] = opened.map(({ id }) => id);
    await shop.control(`disputes/${byBank}/close_inquiry`);
    const answer = { evidence: { uncategorized_text: 'winning_evidence' } };
    const answered = await shop.stripe.disputes.update(byAnswer, answer);
    expect(answered.status).toBe('warning_under_review');
    await shop.stripe.refunds.create({ charge: String(charges[2]?.id), amount: 1 });
    expect(await statusOf(byRefund)).toBe('warning_needs_response');
    await shop.stripe.refunds.create({ charge: String(charges[2]?.id) });
    for (const id of [byBank, byAnswer, byRefund]) {
      await expect.poll(async () => await statusOf(id), patience).toBe('warning_closed');
      expect((await read(id)).balance_transactions).toEqual([]);
    }
  });

  test('that we close is lost, and no money moves', async () => {
    const { id } = await dispute(await shop.buy(), { inquiry: true });
    expect(await shop.stripe.disputes.close(id)).toMatchObject({
      status: 'lost',
      balance_transactions: [],
    });
  });

  test.for(['control', 'evidence'] as const)('is escalated by %s', async (by) => {
    const charge = await shop.buy();
    const { id } = await dispute(charge, { inquiry: true });
    if (by === 'control') {
      await shop.control(`disputes/${id}/escalate`);
    } else {
      const text = 'escalate_inquiry_evidence';
      await shop.stripe.disputes.update(id, { evidence: { uncategorized_text: text } });
    }
    await expect.poll(async () => await statusOf(id), patience).toBe('needs_response');
    expect(await read(id)).toMatchObject({
      is_charge_refundable: false,
      balance_transactions: [{ reporting_category: 'dispute', net: -6_500 }],
      payment_method_details: { card: { case_type: 'chargeback', network_reason_code: '10.4' } },
    });
    expect((await shop.eventTypes()).slice(-2)).toEqual([
      'charge.dispute.updated',
      'charge.dispute.funds_withdrawn',
    ]);
    await expect(shop.control(`disputes/${id}/close_inquiry`)).rejects.toThrow('needs_response');
  });
});

describe('reading disputes', () => {
  test('by id, payment, charge and time, with cursors', async () => {
    const charges = [await shop.buy(), await shop.buy(), await shop.buy()];
    const ids: string[] = [];
    for (const charge of charges) {
      ids.unshift((await dispute(charge)).id);
    }
    const { disputes } = shop.stripe;
    const all = await disputes.list({ limit: 1 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    const [, middle] = charges;
    const ofOne = [
      await disputes.list({ payment_intent: String(middle?.payment_intent) }),
      await disputes.list({ charge: String(middle?.id) }),
    ];
    expect(ofOne.map(({ data }) => data.map(({ id }) => id))).toEqual([[ids[1]], [ids[1]]]);
    const { created } = await read(String(ids[0]));
    const within = await disputes.list({ created: { gte: created - 60, lt: created + 60 } });
    expect(within.data).toHaveLength(3);
    expect((await disputes.list({ created: { lt: created - 60 } })).data).toEqual([]);
    const expand = ['payment_intent', 'charge.balance_transaction'];
    expect(await disputes.retrieve(String(ids[1]), { expand })).toMatchObject({
      payment_intent: { id: middle?.payment_intent },
      charge: { id: middle?.id, balance_transaction: { fee: 175 } },
    });
    expect(await refusalOf(disputes.retrieve('du_nobody'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });
});

test('an early fraud warning is told by its event, and is actionable until money is asked back', async () => {
  const charge = await shop.buy();
  const payment_intent = String(charge.payment_intent);
  const warning = await shop.control<Stripe.Radar.EarlyFraudWarning>('fraud_warnings', {
    payment_intent,
  });
  expect(warning).toMatchObject({ charge: charge.id, payment_intent, actionable: true });
  const told = await shop.events('radar.early_fraud_warning.created');
  expect(told.map(({ data }) => data.object)).toEqual([warning]);
  await shop.stripe.refunds.create({ payment_intent });
  expect(await shop.control('fraud_warnings', { payment_intent })).toMatchObject({
    actionable: false,
  });
});
