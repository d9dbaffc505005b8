import type Stripe from 'stripe';
import { isAlive } from './refund-rules.ts';
import type { World } from './simulator.ts';

interface Movements {
  count: number;
  amount: number;
  fee: number;
  net: number;
}

const nothing = (): Movements => ({ count: 0, amount: 0, fee: 0, net: 0 });

function add(sum: Movements, { amount, fee, net }: Stripe.BalanceTransaction): void {
  sum.count += 1;
  sum.amount += amount;
  sum.fee += fee;
  sum.net += net;
}

/** The provider's own account of each payment and each currency, to compare ours with. */
export function accountsOf(world: World) {
  const payments = paymentsOf(world);
  // A charge whose fee is not known yet has moved no balance, and counts all the same.
  const currencies = new Set([
    ...world.balance.currencies,
    ...[...world.books.charges.values()].map(({ currency }) => currency),
  ]);
  const totals = Object.fromEntries(
    [...currencies].map((currency) => [currency, totalOf(world, currency)]),
  );
  return { payments, totals };
}

function paymentsOf(world: World) {
  const { books, refunds, disputes } = world;
  const movements = movementsByCharge(world);
  const references = new Map(
    [...books.sessions.values()].map((session) => [
      session.payment_intent,
      { session: session.id, client_reference_id: session.client_reference_id },
    ]),
  );
  return [...books.paymentIntents.values()].flatMap((intent) => {
    const charge = books.charges.get(String(intent.latest_charge));
    if (intent.status !== 'succeeded' || charge === undefined) {
      return [];
    }
    const moved = movements.get(charge.id) ?? nothing();
    const sumOf = (status: string) => sumAmounts(refunds.ofCharge(charge.id), status);
    const [succeeded, pending] = [sumOf('succeeded'), sumOf('pending') + sumOf('requires_action')];
    const dispute = disputes.ofCharge(charge.id);
    return [
      {
        payment_intent: intent.id,
        charge: charge.id,
        ...references.get(intent.id),
        metadata: intent.metadata,
        currency: intent.currency,
        amount: charge.amount,
        refunded: succeeded + pending,
        refunded_succeeded: succeeded,
        refunded_pending: pending,
        refunds_failed: sumOf('failed'),
        fees: moved.fee,
        net: moved.net,
        dispute: dispute && {
          id: dispute.id,
          status: dispute.status,
          amount: dispute.amount,
        },
      },
    ];
  });
}

function sumAmounts(refunds: readonly Stripe.Refund[], status: string): number {
  return refunds
    .filter((refund) => refund.status === status)
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** Everything that moved because of a charge: itself, its refunds and its dispute. */
function movementsByCharge(world: World): ReadonlyMap<string, Movements> {
  const { balance, refunds, disputes } = world;
  const sums = new Map<string, Movements>();
  for (const transaction of balance.transactions.values()) {
    const source = String(transaction.source);
    const about = refunds.all.get(source) ?? disputes.all.get(source);
    const chargeId = about === undefined ? source : String(about.charge);
    const sum = sums.get(chargeId) ?? nothing();
    add(sum, transaction);
    sums.set(chargeId, sum);
  }
  return sums;
}

function totalOf(world: World, currency: string) {
  const { balance, refunds } = world;
  const all = nothing();
  const byCategory: Record<string, Movements> = {};
  for (const transaction of balance.transactions.values()) {
    if (transaction.currency === currency) {
      add(all, transaction);
      const sum = byCategory[transaction.reporting_category] ?? nothing();
      byCategory[transaction.reporting_category] = sum;
      add(sum, transaction);
    }
  }
  const own = [...refunds.all.values()].filter((refund) => refund.currency === currency);
  return {
    ...chargedIn(world, currency),
    refunded: own.filter(isAlive).reduce((sum, { amount }) => sum + amount, 0),
    fees: all.fee,
    /** The balance: what all its movements come to. */
    balance: all.net,
    balance_transactions: all,
    by_category: byCategory,
  };
}

function chargedIn({ books }: World, currency: string) {
  const charges = [...books.charges.values()].filter(
    (charge) => charge.currency === currency && charge.status === 'succeeded',
  );
  return {
    charges: charges.length,
    charged: charges.reduce((sum, { amount }) => sum + amount, 0),
    /** Charges whose fee is not known yet: they have moved nothing so far. */
    unsettled: charges.filter((charge) => charge.balance_transaction === null).length,
  };
}
