import type Stripe from 'stripe';
import { expect, test } from 'vitest';
import { openShop, type Shop } from './testing/shop.ts';

/** A fixed sequence of numbers that looks like chance (Park and Miller's generator). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

interface Books {
  readonly charges: readonly Stripe.Charge[];
  readonly refunds: readonly Stripe.Refund[];
  readonly disputes: readonly Stripe.Dispute[];
  readonly payments: readonly { readonly charge: string; readonly net: number }[];
  readonly totals: { readonly usd: { readonly balance: number; readonly by_category: object } };
}

const cards = ['4242424242424242', '4000000000000077', '4000000000000259', '4000000000001976'];
const plans = ['succeeded', 'pending', 'insufficient_funds', 'requires_action', 'failed'];
const steps = 120;

/** What anybody may do next. What the state forbids is refused, and never breaks anything. */
async function step(shop: Shop, roll: (sides: number) => number): Promise<void> {
  const { charges, refunds, disputes } = await read(shop);
  const one = <Item>(all: readonly Item[]) => all[roll(Math.max(1, all.length))];
  const refund = one(refunds)?.id;
  const dispute = one(disputes)?.id;
  const charge = one(charges);
  const about = { payment_intent: charge?.payment_intent };
  const moves: readonly (() => Promise<unknown>)[] = [
    async () =>
      await shop.buy({ card: cards[roll(cards.length)] ?? '', amount: 100 + roll(9_000) }),
    async () => await shop.control('refund_plans', { becomes: plans[roll(plans.length)] }),
    async () =>
      await shop.stripe.refunds.create({ charge: String(charge?.id), amount: 1 + roll(3_000) }),
    async () => await shop.control('refunds', about),
    async () => await shop.control(`refunds/${refund}/succeed`),
    async () => await shop.control(`refunds/${refund}/fail`),
    async () => await shop.stripe.refunds.cancel(String(refund)),
    async () => await shop.control('disputes', { ...about, inquiry: roll(2) === 0 }),
    async () => await shop.control(`disputes/${dispute}/escalate`),
    async () => await shop.control(`disputes/${dispute}/${roll(2) === 0 ? 'win' : 'lose'}`),
    async () => await shop.stripe.disputes.close(String(dispute)),
    async () => await shop.control('payouts', { outcome: roll(2) === 0 ? 'paid' : 'failed' }),
  ];
  await moves[roll(moves.length)]?.().catch((error: unknown) => {
    expect(String(error)).not.toMatch(/expected 500|The simulator:/);
  });
}

async function read(shop: Shop): Promise<Books> {
  return await shop.control('books', undefined, 'GET');
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

async function expectConsistent(shop: Shop): Promise<void> {
  const { charges, refunds, payments, totals, disputes } = await read(shop);
  for (const charge of charges) {
    const own = refunds.filter((refund) => refund.charge === charge.id);
    const amounts = (...statuses: string[]) =>
      sum(
        own.filter(({ status }) => statuses.includes(String(status))).map(({ amount }) => amount),
      );
    expect(charge.amount_refunded).toBe(amounts('succeeded'));
    expect(amounts('succeeded', 'pending', 'requires_action')).toBeLessThanOrEqual(charge.amount);
  }
  const list = shop.stripe.balanceTransactions.list({ limit: 100 });
  const all = await list.autoPagingToArray({ limit: 5_000 });
  expect(sum(all.map(({ net }) => net))).toBe(totals.usd.balance);
  const payouts = all.filter(({ type }) => type.startsWith('payout'));
  expect(sum(payments.map(({ net }) => net))).toBe(
    totals.usd.balance - sum(payouts.map(({ net }) => net)),
  );
  for (const dispute of disputes) {
    const { id, status, balance_transactions: moved } = dispute;
    const found = all.filter(({ source }) => source === id);
    expect(found.map((one) => one.id).reverse()).toEqual(moved.map((one) => one.id));
    const isInquiry = dispute.payment_method_details?.card?.case_type === 'inquiry';
    expect(moved).toHaveLength(isInquiry ? 0 : status === 'won' ? 2 : 1);
  }
}

test.for([1, 2, 3])('whatever happens, the books come to the movements: walk %i', async (seed) => {
  await using shop = await openShop();
  const roll = dice(seed);
  await shop.buy();
  for (let done = 0; done < steps; done += 1) {
    await step(shop, roll);
  }
  await expectConsistent(shop);
});
