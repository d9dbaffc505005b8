import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { accountsHere, balanceAtStripe, balancesAgree } from '#support/balance';
import { dispute, ticketsBecome } from '#support/disputes';
import { buy, refund, refundsBecome } from '#support/refunds';
import { count, sellEvent, startWorld, stripe, violations, type World } from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/** Without ids that differ from run to run. */
const lateMovement = `from incidents where kind = 'balance.unexplained' and resolved_at is null`;

describe('our books beside those of Stripe', () => {
  test('fees of sales, refunds, disputes and a payout: the same to the cent', async () => {
    const event = await sellEvent(world);
    const [kept, refunded, won, lost] = await Promise.all([
      buy(world, event),
      buy(world, event),
      buy(world, event),
      buy(world, event),
    ]);
    await refund(world, refunded, { amount_cents: 2_000 });
    await refundsBecome(world, refunded, ['succeeded']);
    const [first, second] = [await dispute(world, won), await dispute(world, lost)];
    await stripe(world, `disputes/${first}/win`, {});
    await stripe(world, `disputes/${second}/lose`, {});
    await ticketsBecome(world, lost, ['void', 'void']);
    const over = `from disputes where id = :first and phase = 'won'`;
    await waitFor(async () => (await count(world, over, { first })) === 1, {
      what: 'the dispute to be won',
    });
    await ticketsBecome(world, won, ['valid', 'valid']);
    await balancesAgree(world);
    const fees = 4 * 175;
    expect(await accountsHere(world)).toEqual({
      stripe_balance: 20_000 - 2_000 - 5_000 - 2 * 1_500 - fees,
      ticket_sales: -20_000,
      goodwill: 2_000,
      dispute_losses: 5_000,
      dispute_fees: 3_000,
      stripe_fees: fees,
    });
    const known = 'from payments where fee_cents = 175 and net_cents = 4825 and order_id = :id';
    expect(await count(world, known, { id: kept.orderId })).toBe(1);

    const before = await balanceAtStripe(world);
    await stripe(world, 'payouts', { with_pending: true });
    const isPaidOut = async () => {
      const { bank } = await accountsHere(world);
      return bank === before;
    };
    await waitFor(isPaidOut, { what: 'the payout to be in the books' });
    await balancesAgree(world);
    const paidOut = `from stripe_balance_transactions where payout_id is not null and type = 'charge'`;
    await waitFor(async () => (await count(world, paidOut)) === 4, {
      what: 'the payout to say which sales it paid out',
    });
  });

  test('money at Stripe that no order is of: a person is told after a quarter of an hour', async () => {
    const order = await buy(world, await sellEvent(world));
    await balancesAgree(world);
    await world.db.pool.raw(
      `insert into stripe_balance_transactions
              (id, type, category, amount_cents, fee_cents, currency, source_id, payment_intent_id,
               created_at, available_on)
       values ('txn_young', 'charge', 'charge', 100, 3, 'eur', 'ch_x', 'pi_x', now(), now()),
              ('txn_old', 'charge', 'charge', 100, 3, 'eur', 'ch_y', 'pi_y',
               now() - interval '16 minutes', now())`,
    );
    await waitFor(async () => (await count(world, lateMovement)) === 1, {
      what: 'a person to be told of the old one',
    });
    // It turns out to be a payment that was recorded late.
    const { rows } = await world.db.pool.raw(
      'select provider_id from payments where order_id = :id',
      {
        id: order.orderId,
      },
    );
    await world.db.pool.raw(
      `update stripe_balance_transactions set payment_intent_id = :intent, amount_cents = 5000,
              fee_cents = 0 where id = 'txn_old'`,
      { intent: rows[0].provider_id },
    );
    await waitFor(async () => (await count(world, lateMovement)) === 0, {
      what: 'the incident to be closed',
    });
    const waiting = `from stripe_balance_transactions where id = 'txn_young' and booked_at is null`;
    expect(await count(world, waiting)).toBe(1);
  });

  test('a movement is booked once, whoever reads it again', async () => {
    await buy(world, await sellEvent(world, { currency: 'usd' }));
    await balancesAgree(world, 'usd');
    await world.db.pool.raw(
      `update stripe_balance_transactions set booked_at = null where currency = 'usd'`,
    );
    const unbooked = `from stripe_balance_transactions where currency = 'usd' and booked_at is null`;
    await waitFor(async () => (await count(world, unbooked)) === 0, {
      what: 'it to be booked again',
    });
    await balancesAgree(world, 'usd');
  });
});
