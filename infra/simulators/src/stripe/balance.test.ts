import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShop, pendingCard, refusalOf, type Shop } from './testing/shop.ts';

const cardWithoutDelay = '4000000000000077';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => await shop[Symbol.asyncDispose]());

interface Total {
  readonly charges: number;
  readonly charged: number;
  readonly refunded: number;
  readonly fees: number;
  readonly balance: number;
  readonly unsettled: number;
  readonly balance_transactions: { readonly count: number; readonly net: number };
  readonly by_category: { readonly payout?: { readonly net: number } };
}

interface Books {
  readonly totals: { readonly usd: Total };
  readonly payments: readonly Readonly<Record<string, unknown>>[];
}

async function books(): Promise<Books> {
  return await shop.control('books?parts=totals,payments', undefined, 'GET');
}

async function transactions(query: Stripe.BalanceTransactionListParams = {}) {
  const list = shop.stripe.balanceTransactions.list({ limit: 2, ...query });
  return await list.autoPagingToArray({ limit: 1_000 });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** One of each kind of movement: charges, a refund, one that fails, a chargeback lost, one won. */
async function eventfulDay() {
  const charges = [
    await shop.buy({ card: cardWithoutDelay }),
    await shop.buy({ amount: 12_345 }),
    await shop.buy(),
    await shop.buy(),
  ] as const;
  const [refunded, failed, lost, won] = charges;
  const refund = await shop.stripe.refunds.create({ charge: refunded.id, amount: 1_999 });
  const back = await shop.stripe.refunds.create({ charge: failed.id });
  await shop.control(`refunds/${back.id}/fail`);
  const open = async ({ payment_intent }: Stripe.Charge) =>
    await shop.control<Stripe.Dispute>('disputes', { payment_intent });
  const [loss, win] = [await open(lost), await open(won)];
  await shop.control(`disputes/${loss.id}/lose`);
  await shop.control(`disputes/${win.id}/win`);
  return { charges, refund, back, loss, win };
}

describe('a movement of the balance', () => {
  test('of a charge comes with charge.updated, less its fee', async () => {
    const charge = await shop.buy({ amount: 10_000 });
    const moved = charge.balance_transaction as Stripe.BalanceTransaction;
    expect(moved).toMatchObject({
      object: 'balance_transaction',
      type: 'charge',
      reporting_category: 'charge',
      amount: 10_000,
      fee: 320,
      net: 9_680,
      currency: 'usd',
      source: charge.id,
      status: 'pending',
      fee_details: [{ type: 'stripe_fee', amount: 320 }],
    });
    const [succeeded] = await shop.events('charge.succeeded');
    expect(succeeded?.data.object).toMatchObject({ balance_transaction: null });
    const [updated] = await shop.events('charge.updated');
    expect(updated?.data).toMatchObject({
      object: { balance_transaction: moved.id },
      previous_attributes: { balance_transaction: null },
    });
  });

  test('of a refund has no fee: what was kept of the charge stays kept', async () => {
    const charge = await shop.buy();
    const refund = await shop.stripe.refunds.create({
      charge: charge.id,
      expand: ['balance_transaction'],
    });
    expect(refund.balance_transaction).toMatchObject({
      type: 'refund',
      reporting_category: 'refund',
      amount: -5_000,
      fee: 0,
      net: -5_000,
      fee_details: [],
      source: refund.id,
    });
    expect((await books()).totals.usd).toMatchObject({ fees: 175, balance: -175 });
  });

  test('costs what the fees are set to', async () => {
    await shop.control('fees', { percent_bp: 150, fixed: 25, settle_delay_ms: 0 }, 'PUT');
    const charge = await shop.buy({ amount: 10_000 });
    expect(charge.balance_transaction).toMatchObject({ fee: 175 });
    await shop.control('reset_weather');
    expect(await shop.control('fees', undefined, 'GET')).toMatchObject({ percent_bp: 290 });
  });
});

describe('the list of movements', () => {
  test('is newest first and cut by cursors, each source expanded with its payment', async () => {
    const { charges, refund, back, loss, win } = await eventfulDay();
    const all = await transactions({ expand: ['data.source'] });
    expect(all.map(({ reporting_category: category }) => category).reverse()).toEqual([
      ...['charge', 'charge', 'charge', 'charge', 'refund', 'refund', 'refund_failure'],
      ...['dispute', 'dispute', 'dispute_reversal'],
    ]);
    const sources = all.map(({ source }) => source as Stripe.Charge | Stripe.Refund).reverse();
    expect(sources.map(({ object, id }) => [object, id])).toEqual([
      ...charges.map(({ id }) => ['charge', id]),
      ['refund', refund.id],
      ['refund', back.id],
      ['refund', back.id],
      ['dispute', loss.id],
      ['dispute', win.id],
      ['dispute', win.id],
    ]);
    expect(sources.map(({ payment_intent: intent }) => intent)).toEqual(
      [0, 1, 2, 3, 0, 1, 1, 2, 3, 3].map((index) => charges[index]?.payment_intent),
    );
    const { created } = await shop.stripe.charges.retrieve(charges[0].id);
    const window = { gte: created, lt: created + 600 };
    const expand = ['data.source.payment_intent', 'data.source.charge'];
    const [last] = await transactions({ created: window, expand, limit: 100 });
    expect(last?.source).toMatchObject({
      payment_intent: { id: charges[3].payment_intent },
      charge: { id: charges[3].id },
    });
    expect(await transactions({ created: { lt: created } })).toEqual([]);
    const [, second, third] = all;
    const page = await shop.stripe.balanceTransactions.list({
      created: window,
      limit: 1,
      starting_after: String(second?.id),
    });
    expect(page).toMatchObject({ has_more: true, data: [{ id: third?.id }] });
  });

  test('is found by source, but for a dispute, by type and by currency', async () => {
    const { charges, back, loss } = await eventfulDay();
    const kinds = async (query: Stripe.BalanceTransactionListParams) =>
      (await transactions(query)).map(({ type }) => type);
    expect(await kinds({ source: charges[1].id })).toEqual(['charge']);
    expect(await kinds({ source: back.id })).toEqual(['refund_failure', 'refund']);
    expect(await kinds({ source: loss.id })).toEqual([]);
    expect(await kinds({ type: 'adjustment' })).toHaveLength(3);
    expect(await kinds({ currency: 'eur' })).toEqual([]);
    expect(await kinds({ currency: 'usd' })).toHaveLength(10);
  });

  test.for([
    [{ colour: 'red' }, 'colour'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 101 }, 'limit'],
    [{ created: { since: 5 } }, 'created[since]'],
    [{ starting_after: 'txn_nobody' }, 'starting_after'],
  ] as const)('%j is refused', async ([query, param]) => {
    const call = shop.stripe.balanceTransactions.list(query as Stripe.BalanceTransactionListParams);
    expect(await refusalOf(Promise.resolve(call))).toMatchObject({ statusCode: 400, param });
  });

  test.for(['data.colour', 'source', 'data.source.payment_intent.latest_charge.refunds'])(
    'nothing stands at %s',
    async (path) => {
      await shop.buy();
      const call = shop.stripe.balanceTransactions.list({ expand: [path] });
      expect((await refusalOf(Promise.resolve(call))).message).toMatch(/expand/);
    },
  );
});

describe('a payout', () => {
  test('takes what is available, and lists what it is made of', async () => {
    const { charges } = await eventfulDay();
    const { payouts: first } = await shop.control<{ payouts: Stripe.Payout[] }>('payouts', {
      with_pending: true,
    });
    const [payout] = first;
    const own = await transactions({ payout: String(payout?.id), limit: 100 });
    expect(own[0]).toMatchObject({ type: 'payout', amount: -(payout?.amount ?? 0), fee: 0 });
    expect(sum(own.map(({ net }) => net))).toBe(0);
    expect(own.map(({ source }) => source)).toContain(charges[2].id);
    expect(await shop.stripe.payouts.retrieve(String(payout?.id))).toMatchObject({
      status: 'paid',
      reconciliation_status: 'completed',
      balance_transaction: own[0]?.id,
    });
    expect((await shop.eventTypes()).slice(-3)).toEqual([
      'payout.created',
      'payout.paid',
      'payout.reconciliation_completed',
    ]);
    const { available, pending } = await shop.stripe.balance.retrieve();
    expect([available[0]?.amount, pending[0]?.amount]).toEqual([0, 0]);
    await expect(shop.control('payouts')).rejects.toThrow('Nothing is available');
  });

  test('leaves what is pending, and what it could not pay goes into the next', async () => {
    const early = await shop.buy({ card: cardWithoutDelay });
    const late = await shop.buy();
    const pay = async (how: object) =>
      (await shop.control<{ payouts: Stripe.Payout[] }>('payouts', how)).payouts[0];
    const failed = await pay({ with_pending: false, outcome: 'failed' });
    expect(failed).toMatchObject({
      amount: 4_825,
      status: 'failed',
      failure_code: 'account_closed',
    });
    const paid = await pay({ with_pending: false });
    expect(paid).toMatchObject({ amount: 4_825, status: 'paid' });
    await shop.control('balance/make_available');
    const next = await pay({ with_pending: false });
    const made = async (id: string | undefined) =>
      (await transactions({ payout: String(id) })).map(({ source }) => source);
    expect(await made(failed?.id)).toEqual([failed?.id, early.id]);
    expect(await made(paid?.id)).toEqual([paid?.id, failed?.id]);
    expect(await made(next?.id)).toEqual([next?.id, late.id]);
    const listed = await shop.stripe.payouts.list({ status: 'paid' });
    expect(listed.data.map(({ id }) => id)).toEqual([next?.id, paid?.id]);
  });
});

describe('the simulator’s own books', () => {
  test('come to what the movements and the shown balance come to', async () => {
    await eventfulDay();
    await shop.control('payouts', { with_pending: false });
    const pending = await shop.buy({ card: pendingCard });
    await shop.control('refund_plans', { becomes: 'pending' });
    await shop.stripe.refunds.create({ charge: pending.id, amount: 77 });
    const { totals, payments } = await books();
    const total = totals.usd;
    const all = await transactions({ limit: 100 });
    expect(total.balance).toBe(sum(all.map(({ net }) => net)));
    expect(total.balance).toBe(sum(all.map(({ amount, fee }) => amount - fee)));
    expect(total.balance).toBe(sum(Object.values(total.by_category).map(({ net }) => net)));
    expect(total.fees).toBe(sum(all.map(({ fee }) => fee)));
    expect(total.balance_transactions.count).toBe(all.length);
    const shown = await shop.stripe.balance.retrieve();
    const parts = [...shown.available, ...shown.pending];
    expect(total.balance).toBe(sum(parts.map(({ amount }) => amount)));
    expect(total).toMatchObject({ charges: 5, charged: 32_345, refunded: 2_076, unsettled: 0 });
    const paidOut = total.by_category.payout?.net ?? 0;
    expect(sum(payments.map(({ net }) => Number(net)))).toBe(total.balance - paidOut);
  });

  test('have an account of each payment', async () => {
    const { charges, loss, win } = await eventfulDay();
    const { payments } = await books();
    expect(payments).toMatchObject([
      { refunded: 1_999, refunds_failed: 0, fees: 175, net: 2_826 },
      { refunded: 0, refunds_failed: 12_345, fees: 388, net: 11_957 },
      { dispute: { id: loss.id, status: 'lost', amount: 5_000 }, fees: 1_675, net: -1_675 },
      { dispute: { id: win.id, status: 'won' }, fees: 1_675, net: 3_325 },
    ]);
    expect(payments.map(({ charge }) => charge)).toEqual(charges.map(({ id }) => id));
    expect(payments[0]).toMatchObject({ client_reference_id: 'order-1', amount: 5_000 });
  });

  test('know a charge whose fee is not there yet: it has moved nothing', async () => {
    await shop.control('fees', { settle_delay_ms: 600_000 }, 'PUT');
    const { payment_intent: intentId } = await shop.pay();
    const expand = ['latest_charge'];
    const intent = await shop.stripe.paymentIntents.retrieve(String(intentId), { expand });
    expect(intent.latest_charge).toMatchObject({ balance_transaction: null });
    expect((await books()).totals.usd).toMatchObject({ charged: 5_000, unsettled: 1, balance: 0 });
  });
});
