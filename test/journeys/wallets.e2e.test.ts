import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { ticketsBecome } from '#support/disputes';
import { endTime, freeWithoutStripe } from '#support/late';
import { mailsBecome } from '#support/mails';
import {
  type Bought,
  booksBecome,
  booksOf,
  buy,
  givenBackAtStripe,
  intentOf,
  refund,
  refundsBecome,
} from '#support/refunds';
import {
  adminWallets,
  cashBecomes,
  cashOf,
  checkOutWith,
  giveCredit,
  mailedToken,
  type OpenedWallet,
} from '#support/wallets';
import {
  http,
  orderBecomes,
  pay,
  type SoldEvent,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;
let event: SoldEvent;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { REFUNDS_PER_SECOND: '0', RECONCILE_INTERVAL_MS: '600000' },
  });
  event = await sellEvent(world);
});
afterEach(async () => await setWeather(world, 'stripe', {}));
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/** Two tickets for 50.00, of which a wallet pays this much and a card the rest. */
async function buyMixed(of: SoldEvent, wallet: OpenedWallet): Promise<Bought> {
  const { placed } = await checkOutWith(world, of, wallet);
  await pay(world, placed.sessionId);
  const order = await orderBecomes(world, placed, 'fulfilled');
  return {
    ...placed,
    ticketIds: order.tickets.map(({ id }: { id: string }) => id),
    totalCents: 5_000,
  };
}

describe('a wallet', () => {
  test('comes by mail, shows what is in it, and pays a whole order without a card', async () => {
    const wallet = await giveCredit(world, 8_000);
    const { placed, answer } = await checkOutWith(world, event, wallet);
    expect(answer.body).toMatchObject({
      order: { total_cents: 5_000, wallet_cents: 5_000 },
      checkout_url: null,
    });
    expect(await orderBecomes(world, placed, 'fulfilled')).toMatchObject({
      wallet_cents: 5_000,
      tickets: [{ status: 'valid' }, { status: 'valid' }],
    });
    expect(await cashOf(world, wallet)).toEqual([3_000, 0]);
    expect(await booksOf(world, placed)).toEqual({ ticket_sales: -5_000, wallet_credit: 5_000 });
    const page = await http(`${world.stack.urls.checkout}/wallets/t/${wallet.token}`);
    expect(page.text).toContain('€30.00');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('pays a part, and Stripe is asked for the rest alone', async () => {
    const wallet = await giveCredit(world, 1_500);
    const { placed, answer } = await checkOutWith(world, event, wallet);
    expect(answer.body.order).toMatchObject({ total_cents: 5_000, wallet_cents: 1_500 });
    expect(await cashOf(world, wallet)).toEqual([0, 1_500]);
    await pay(world, placed.sessionId);
    await orderBecomes(world, placed, 'fulfilled');
    expect(await cashOf(world, wallet)).toEqual([0, 0]);
    const { rows } = await world.db.pool.raw(
      `select provider, amount_cents as cents from payments where order_id = :orderId order by provider`,
      { orderId: placed.orderId },
    );
    expect(rows).toEqual([
      { provider: 'stripe', cents: 3_500 },
      { provider: 'wallet', cents: 1_500 },
    ]);
  });

  test('has back what an order set aside that ends unpaid', async () => {
    const wallet = await giveCredit(world, 1_500);
    const [expired, given] = [
      (await checkOutWith(world, event, wallet)).placed,
      (await checkOutWith(world, event, await giveCredit(world, 1_500))).placed,
    ];
    await endTime(world, expired);
    await orderBecomes(world, expired, 'expired');
    await http(`${world.stack.urls.checkout}/v1/holds/${given.holdId}`, {
      method: 'DELETE',
      token: given.holdToken,
    });
    await orderBecomes(world, given, 'cancelled');
    expect(await cashOf(world, wallet)).toEqual([1_500, 0]);
    for (const order of [expired, given]) {
      expect(await booksOf(world, order)).toEqual({});
    }
  });

  test('opens to its newest token only', async () => {
    const wallet = await giveCredit(world, 1_000);
    await adminWallets(world, `/${wallet.id}/token-mail`, { revoke: true });
    const token = await mailedToken(world, wallet.id, 2);
    const read = async (as: string) =>
      (await http(`${world.stack.urls.checkout}/v1/wallets/${wallet.id}`, { token: as })).status;
    expect([await read(wallet.token), await read(token)]).toEqual([404, 200]);
    const refusal = (await checkOutWith(world, event, wallet)).answer;
    expect([refusal.status, refusal.body.code]).toEqual([422, 'wallet.not_usable']);
  });
});

describe('late money for an order that a wallet paid with', () => {
  test('takes the wallet’s part again', async () => {
    const wallet = await giveCredit(world, 1_500);
    const { placed } = await checkOutWith(world, event, wallet);
    await freeWithoutStripe(world, placed);
    expect(await cashOf(world, wallet)).toEqual([1_500, 0]);
    await pay(world, placed.sessionId);
    await orderBecomes(world, placed, 'fulfilled');
    expect(await cashOf(world, wallet)).toEqual([0, 0]);
  });

  test('goes back when the credit is spent by then, and the buyer is told', async () => {
    const wallet = await giveCredit(world, 1_500);
    const { placed } = await checkOutWith(world, event, wallet);
    await freeWithoutStripe(world, placed);
    const other = await checkOutWith(world, event, wallet);
    await pay(world, placed.sessionId);
    await mailsBecome(world, placed, ['payment_too_late', 'refund_made']);
    expect(await givenBackAtStripe(world, placed)).toBe(3_500);
    await orderBecomes(world, placed, 'expired');
    expect(await cashOf(world, wallet)).toEqual([0, 1_500]);
    await pay(world, other.placed.sessionId);
    await orderBecomes(world, other.placed, 'fulfilled');
  });
});

describe('a refund of what a card and a wallet paid', () => {
  test('goes back to where it came from, ticket by ticket, to the cent', async () => {
    const wallet = await giveCredit(world, 1_501);
    const order = await buyMixed(event, wallet);
    const [one = '', two = ''] = order.ticketIds;
    await refund(world, order, { tickets: [one] });
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    await booksBecome(world, order, {
      stripe_balance: 1_749,
      ticket_sales: -2_500,
      wallet_credit: 751,
    });
    await refund(world, order, { tickets: [two] });
    const refunds = await refundsBecome(world, order, Array(4).fill('succeeded'));
    expect(await givenBackAtStripe(world, order)).toBe(3_499);
    expect(await cashOf(world, wallet)).toEqual([1_501, 0]);
    await booksBecome(world, order, {});
    expect(refunds.map(({ tickets, wallet: into }) => [tickets.length, into !== null])).toEqual([
      [1, false],
      [0, true],
      [1, false],
      [0, true],
    ]);
  });

  test('with the same key is the same refund, whoever presses', async () => {
    const wallet = await giveCredit(world, 1_500);
    const order = await buyMixed(event, wallet);
    const key = randomUUID();
    const answers = await Promise.all(
      [1, 2, 3].map(async () => await refund(world, order, { key })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
    expect(await cashOf(world, wallet)).toEqual([1_500, 0]);
    expect((await refund(world, order, {})).body.code).toBe('refund.nothing_left');
  });

  test('made whole at Stripe is a part of it, and a person is asked', async () => {
    const order = await buyMixed(event, await giveCredit(world, 1_500));
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order) });
    await refundsBecome(world, order, ['succeeded']);
    await ticketsBecome(world, order, ['valid', 'valid']);
    const [external] = await refundsBecome(world, order, ['succeeded']);
    const allotted = await http(`${world.stack.urls.ops}/admin/v1/refunds/${external?.id}/allot`, {
      token: world.stack.adminApiKey,
      body: { tickets: order.ticketIds },
    });
    expect(allotted.status).toBe(200);
    await refund(world, order, { amount_cents: 1_500 });
    await refundsBecome(world, order, ['succeeded', 'succeeded']);
  });

  test('with the cancelled event goes back to both', async () => {
    const doomed = await sellEvent(world);
    const wallet = await giveCredit(world, 5_750);
    const whole = (await checkOutWith(world, doomed, wallet)).placed;
    await orderBecomes(world, whole, 'fulfilled');
    const mixed = await buyMixed(doomed, wallet);
    const card = await buy(world, doomed);
    await http(`${world.stack.urls.ops}/admin/v1/events/${doomed.id}/cancel`, {
      token: world.stack.adminApiKey,
      body: {},
    });
    await cashBecomes(world, wallet, [5_750, 0]);
    await refundsBecome(world, mixed, ['succeeded', 'succeeded']);
    await refundsBecome(world, card, ['succeeded']);
    for (const order of [whole, mixed, card]) {
      await ticketsBecome(world, order, ['refunded', 'refunded']);
      await booksBecome(world, order, {});
    }
    const { body } = await http(`${world.stack.urls.ops}/admin/v1/events/${doomed.id}/refunds`, {
      token: world.stack.adminApiKey,
    });
    expect(body).toMatchObject({ orders: 3, left_orders: 0, refunded_cents: 15_000, done: true });
  });
});

describe('a refund into a wallet', () => {
  test('of what a card paid is made at once, and buys other tickets', async () => {
    const order = await buy(world, event);
    const answer = await refund(world, order, { to: 'wallet' });
    expect(answer.body).toMatchObject({ status: 'succeeded', amount_cents: 5_000 });
    const id = answer.body.wallet;
    const wallet = { id, token: await mailedToken(world, id) };
    expect(await givenBackAtStripe(world, order)).toBe(0);
    const again = (await checkOutWith(world, event, wallet)).placed;
    await orderBecomes(world, again, 'fulfilled');
    await mailsBecome(world, order, ['order_confirmation', 'wallet_credit']);
  });

  test('is what a buyer may choose', async () => {
    const own = await sellEvent(world);
    await http(`${world.stack.urls.ops}/admin/v1/events/${own.id}/refund-policy`, {
      method: 'PUT',
      token: world.stack.adminApiKey,
      body: { allowed: true, kept_percent: 10 },
    });
    const wallet = await giveCredit(world, 1_500);
    const order = await buyMixed(own, wallet);
    const ask = async (key: string) =>
      await http(`${world.stack.urls.checkout}/v1/orders/${order.orderId}/refund-requests`, {
        token: order.orderToken,
        key,
        body: { commit: true, to: 'wallet' },
      });
    const key = randomUUID();
    const [first, second] = [await ask(key), await ask(key)];
    expect(first.body).toMatchObject({ committed: true, amount_cents: 4_500, kept_cents: 500 });
    expect(second.body).toMatchObject({ amount_cents: 4_500, refund: first.body.refund });
    expect(await cashOf(world, wallet)).toEqual([1_350, 0]);
    expect(await booksOf(world, order)).toMatchObject({ cancellation_fees: -500 });
    expect(await givenBackAtStripe(world, order)).toBe(0);
  });

  test('is a way for money that a card would not take back', async () => {
    const order = await buy(world, event);
    await refund(world, order, {});
    const [failed] = await refundsBecome(world, order, ['succeeded']);
    await stripe(world, `refunds/${failed?.stripe_refund_id}/fail`, {});
    await refundsBecome(world, order, ['failed']);
    const answer = await http(
      `${world.stack.urls.ops}/admin/v1/refunds/${failed?.id}/retry?to=wallet`,
      { method: 'POST', token: world.stack.adminApiKey },
    );
    expect(answer.body).toMatchObject({ status: 'succeeded', amount_cents: 5_000 });
    expect(answer.body.wallet).not.toBeNull();
    expect(await booksOf(world, order)).toEqual({ stripe_balance: 5_000, wallet_credit: -5_000 });
  });
});

test('credits of an organization become a buyer’s, as far as there are any', async () => {
  const own = await adminWallets(world, '', { kind: 'organization', currency: 'eur' });
  const again = await adminWallets(world, '', { kind: 'organization', currency: 'eur' });
  expect(again.body.id).toBe(own.body.id);
  const credit = { invoice: 'contract-7', amount_cents: 900, reason: 'paid in advance' };
  await adminWallets(world, `/${own.body.id}/credits`, credit);
  const wallet = await giveCredit(world, 100);
  const pass = { ...credit, from: 'organization_credits', amount_cents: 600 };
  const answers = [
    await adminWallets(world, `/${wallet.id}/credits`, pass),
    await adminWallets(world, `/${wallet.id}/credits`, pass),
    await adminWallets(world, `/${wallet.id}/credits`, { ...pass, amount_cents: 1 }),
    await adminWallets(world, `/${wallet.id}/credits`, { ...pass, invoice: 'contract-8' }),
  ];
  expect(answers.map(({ status, body }) => body.code ?? status)).toEqual([
    201,
    201,
    'wallet.invoice_used',
    'wallet.too_little',
  ]);
  expect(await cashOf(world, wallet)).toEqual([700, 0]);
  expect((await adminWallets(world, `/${own.body.id}`)).body).toMatchObject({ balance_cents: 300 });
});
