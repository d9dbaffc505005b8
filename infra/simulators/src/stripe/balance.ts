import type Stripe from 'stripe';
import { z } from 'zod';
import { nowSeconds, stripeId } from './ids.ts';

/** What Stripe keeps of what. 2.9 % and 30 minor units is its card pricing in most places. */
export const feesBody = z.strictObject({
  /** Hundredths of a per cent of a charge. */
  percent_bp: z.int().min(0).max(10_000).default(290),
  fixed: z.int().min(0).max(100_000).default(30),
  dispute: z.int().min(0).max(100_000).default(1_500),
  /** Fees are known so long after the charge. */
  settle_delay_ms: z.number().min(0).max(600_000).default(300),
});
export type Fees = z.output<typeof feesBody>;

export const usualFees: Fees = feesBody.parse({});

/** What moves the balance. */
export interface Entry {
  readonly type: Stripe.BalanceTransaction.Type;
  readonly category: string;
  readonly source: string;
  readonly amount: number;
  readonly currency: string;
  readonly fee?: number;
  readonly description?: string | null;
  /** In seconds; at once without it. */
  readonly availableOn?: number;
}

const settlementDelayS = 2 * 86_400;
/** Its money is there at once (docs.stripe.com/testing#available-balance). */
const cardWithoutDelay = '4000000000000077';

/** Every movement of money at the provider, append-only. */
export class Balance {
  readonly transactions = new Map<string, Stripe.BalanceTransaction>();
  fees: Fees = usualFees;
  /** Told of what comes in, for refunds that wait for it. */
  onCredit: (currency: string) => void = () => undefined;
  readonly #net = new Map<string, number>();

  record(entry: Entry): Stripe.BalanceTransaction {
    const transaction = newTransaction(entry);
    this.transactions.set(transaction.id, transaction);
    this.#net.set(entry.currency, this.netOf(entry.currency) + transaction.net);
    if (transaction.net > 0) {
      this.onCredit(entry.currency);
    }
    return transaction;
  }

  recordCharge(charge: Stripe.Charge, card: string | undefined): Stripe.BalanceTransaction {
    return this.record({
      type: 'charge',
      category: 'charge',
      source: charge.id,
      amount: charge.amount,
      currency: charge.currency,
      fee: Math.round((charge.amount * this.fees.percent_bp) / 10_000) + this.fees.fixed,
      description: charge.description,
      availableOn: nowSeconds() + (card === cardWithoutDelay ? 0 : settlementDelayS),
    });
  }

  /** What is given back of a charge is available when the charge is. */
  availabilityOf(charge: Stripe.Charge): number {
    const { balance_transaction: id } = charge;
    const own = typeof id === 'string' ? this.transactions.get(id) : undefined;
    return own?.available_on ?? nowSeconds() + settlementDelayS;
  }

  /** All that was ever recorded in a currency, fees taken off. */
  netOf(currency: string): number {
    return this.#net.get(currency) ?? 0;
  }

  get currencies(): readonly string[] {
    return [...this.#net.keys()];
  }

  /** Money becomes available by its time, or by order. */
  makeAvailable(how: {
    readonly inAdvance: boolean;
    readonly currency?: string | undefined;
  }): void {
    const now = nowSeconds();
    for (const transaction of this.transactions.values()) {
      const isAsked = how.currency === undefined || transaction.currency === how.currency;
      const isDue = transaction.available_on <= now || how.inAdvance;
      if (transaction.status === 'pending' && isAsked && isDue) {
        transaction.status = 'available';
        transaction.available_on = Math.min(transaction.available_on, now);
      }
    }
  }

  /** The account's balance as the API shows it. */
  shown(): Stripe.Balance {
    this.makeAvailable({ inAdvance: false });
    const sums = (status: string) =>
      this.currencies.map((currency) => {
        const amount = this.#sum(currency, status);
        return { amount, currency, source_types: { card: amount } };
      });
    return {
      object: 'balance',
      available: sums('available'),
      livemode: false,
      pending: sums('pending'),
      refund_and_dispute_prefunding: { available: [], pending: [] },
    };
  }

  #sum(currency: string, status: string): number {
    let sum = 0;
    for (const transaction of this.transactions.values()) {
      if (transaction.currency === currency && transaction.status === status) {
        sum += transaction.net;
      }
    }
    return sum;
  }
}

function newTransaction(entry: Entry): Stripe.BalanceTransaction {
  const { amount, currency, fee = 0, description = null } = entry;
  const now = nowSeconds();
  const availableOn = entry.availableOn ?? now;
  const detail = {
    amount: fee,
    application: null,
    currency,
    description: entry.type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees',
    type: 'stripe_fee',
  };
  return {
    id: stripeId(/^(ch|re)_/.test(entry.source) ? 'txn_3' : 'txn_1'),
    object: 'balance_transaction',
    amount,
    available_on: availableOn,
    balance_type: 'payments',
    created: now,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [detail],
    net: amount - fee,
    reporting_category: entry.category,
    source: entry.source,
    status: availableOn <= now ? 'available' : 'pending',
    type: entry.type,
  } satisfies Partial<Stripe.BalanceTransaction> as Stripe.BalanceTransaction;
}
