import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { intentOf, openShop, patience, pendingCard, refusalOf, type Shop } from './testing/shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => await shop[Symbol.asyncDispose]());

async function refund(charge: Stripe.Charge, change: Stripe.RefundCreateParams = {}) {
  return await shop.stripe.refunds.create({ payment_intent: intentOf(charge), ...change });
}

describe('a refusal of a refund, in the recorded words', () => {
  test('more than is left', async () => {
    const charge = await shop.buy();
    await refund(charge, { amount: 2_000 });
    const error = await refusalOf(refund(charge, { amount: 4_000 }));
    expect(error).toMatchObject({
      statusCode: 400,
      param: 'amount',
      type: 'StripeInvalidRequestError',
    });
    expect(error.code).toBeUndefined();
    expect(error.message).toBe(
      'Refund amount ($40.00) is greater than unrefunded amount on charge ($30.00)',
    );
  });

  test('what is on its way counts as given back', async () => {
    const charge = await shop.buy({ card: pendingCard });
    await refund(charge, { amount: 4_000 });
    const error = await refusalOf(refund(charge, { amount: 1_001 }));
    expect(error.message).toContain('unrefunded amount on charge ($10.00)');
  });

  test('all given back', async () => {
    const charge = await shop.buy();
    await refund(charge);
    expect(await refusalOf(refund(charge, { amount: 1 }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
      message: `Charge ${charge.id} has already been refunded.`,
    });
  });

  test.for([0, -5])('an amount of %i', async (amount) => {
    const charge = await shop.buy();
    expect(await refusalOf(refund(charge, { amount }))).toMatchObject({
      statusCode: 400,
      code: 'parameter_invalid_integer',
      param: 'amount',
      message: 'This value must be greater than or equal to 1.',
    });
  });

  test.for(['9223372036854775808', '12.5', 'ten'])('an amount of %s', async (amount) => {
    const charge = await shop.buy();
    const error = await refusalOf(refund(charge, { amount: amount as unknown as number }));
    expect(error).toMatchObject({ statusCode: 400, param: 'amount' });
  });

  test('of nothing, of an unknown charge, of an unpaid intent', async () => {
    const { refunds } = shop.stripe;
    expect(await refusalOf(refunds.create({ amount: 5 }))).toMatchObject({
      statusCode: 400,
      message:
        'One of the following params should be provided for this request: payment_intent or charge.',
    });
    expect(await refusalOf(refunds.create({ charge: 'ch_nobody' }))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
      message: "No such charge: 'ch_nobody'",
    });
    const declined = await shop.pay({ card: '4000000000000002' });
    const intentId = String(declined.payment_intent);
    expect(await refusalOf(refunds.create({ payment_intent: intentId }))).toMatchObject({
      statusCode: 400,
      message: `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
    });
  });

  test('charged back', async () => {
    const charge = await shop.buy();
    await shop.control('disputes', { payment_intent: charge.payment_intent });
    expect(await refusalOf(refund(charge))).toMatchObject({
      statusCode: 400,
      code: 'charge_disputed',
      message: `Charge ${charge.id} has been charged back; cannot issue a refund.`,
    });
  });

  test('canceling what succeeded', async () => {
    const made = await refund(await shop.buy());
    const error = await refusalOf(shop.stripe.refunds.cancel(made.id));
    expect(error).toMatchObject({
      statusCode: 400,
      message: 'Canceling this refund is unsupported.',
    });
  });

  test('a parameter that Stripe does not know, and a refund that it does not have', async () => {
    const charge = await shop.buy();
    expect(await refusalOf(refund(charge, { colour: 'red' } as never))).toMatchObject({
      code: 'parameter_unknown',
      param: 'colour',
    });
    expect(await refusalOf(shop.stripe.refunds.retrieve('re_nobody'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });
});

describe('a refund under a key', () => {
  test('is made once, and its answer replayed though the refund went on', async () => {
    const charge = await shop.buy({ card: pendingCard });
    const params = { payment_intent: intentOf(charge), amount: 1_200 };
    const options = { idempotencyKey: 'refund/1' };
    const made = await shop.stripe.refunds.create(params, options);
    const statusNow = async () => (await shop.stripe.refunds.retrieve(made.id)).status;
    await expect.poll(statusNow, patience).toBe('succeeded');
    const again = await shop.stripe.refunds.create(params, options);
    expect(again).toMatchObject({ id: made.id, status: 'pending' });
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await shop.stripe.refunds.list()).data).toHaveLength(1);
    const [created] = await shop.events('refund.created');
    expect(created?.request?.idempotency_key).toBe('refund/1');
  });

  test('is refused with other parameters, and a refusal of the state is kept', async () => {
    const charge = await shop.buy();
    const options = { idempotencyKey: 'refund/2' };
    const params = { payment_intent: intentOf(charge) };
    await shop.stripe.refunds.create({ ...params, amount: 5_000 }, options);
    expect(
      await refusalOf(shop.stripe.refunds.create({ ...params, amount: 4_999 }, options)),
    ).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    const late = { idempotencyKey: 'refund/3' };
    await refusalOf(shop.stripe.refunds.create(params, late));
    const kept = await refusalOf(shop.stripe.refunds.create(params, late));
    expect(kept).toMatchObject({
      code: 'charge_already_refunded',
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  test('is made though its answer is lost, and found again', async () => {
    const charge = await shop.buy();
    const params = { payment_intent: intentOf(charge), amount: 300 };
    const options = { idempotencyKey: 'refund/4' };
    await shop.control('weather', { timeout_after_success_rate: 1 }, 'PUT');
    const lost = await refusalOf(shop.stripe.refunds.create(params, options));
    expect(lost).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    await shop.control('weather', {}, 'PUT');
    const found = await shop.stripe.refunds.create(params, options);
    const { data } = await shop.stripe.refunds.list({ charge: charge.id });
    expect(data.map(({ id }) => id)).toEqual([found.id]);
  });
});
