import type Stripe from 'stripe';
import type { Balance } from './balance.ts';
import type { Deliveries } from './deliveries.ts';
import { invalid } from './errors.ts';
import { newPayout } from './money-objects.ts';

/** Payouts to the merchant's bank, one currency each. */
export class Payouts {
  readonly all = new Map<string, Stripe.Payout>();
  /** Which payout a movement went into. */
  readonly #payoutOf = new Map<string, string>();
  readonly #balance: Balance;
  readonly #deliveries: Deliveries;

  constructor(balance: Balance, deliveries: Deliveries) {
    this.#balance = balance;
    this.#deliveries = deliveries;
  }

  /** One payout of all that is available and was not paid out yet, for each currency asked for. */
  payOut(how: {
    readonly currency?: string | undefined;
    readonly outcome: 'paid' | 'failed';
  }): readonly Stripe.Payout[] {
    this.#balance.makeAvailable({ inAdvance: false });
    const currencies = how.currency === undefined ? this.#balance.currencies : [how.currency];
    const made = currencies.flatMap((currency) => this.#payOutOne(currency, how.outcome));
    if (made.length === 0) {
      throw invalid('Nothing is available to be paid out.');
    }
    return made;
  }

  /** Oldest first, the payout's own movement among them. */
  transactionsOf(payoutId: string): readonly Stripe.BalanceTransaction[] {
    return [...this.#balance.transactions.values()].filter(
      ({ id }) => this.#payoutOf.get(id) === payoutId,
    );
  }

  #payOutOne(currency: string, outcome: 'paid' | 'failed'): readonly Stripe.Payout[] {
    const due = [...this.#balance.transactions.values()].filter(
      (one) =>
        one.currency === currency && one.status === 'available' && !this.#payoutOf.has(one.id),
    );
    const amount = due.reduce((sum, { net }) => sum + net, 0);
    if (amount <= 0) {
      return [];
    }
    const payout = newPayout(amount, currency);
    this.all.set(payout.id, payout);
    const own = this.#record(payout, 'payout', -amount);
    payout.balance_transaction = own.id;
    for (const { id } of [...due, own]) {
      this.#payoutOf.set(id, payout.id);
    }
    this.#deliveries.emit('payout.created', payout);
    if (outcome === 'failed') {
      this.#fail(payout);
      return [payout];
    }
    payout.status = 'paid';
    this.#deliveries.emit('payout.paid', payout);
    payout.reconciliation_status = 'completed';
    this.#deliveries.emit('payout.reconciliation_completed', payout);
    return [payout];
  }

  /** The bank refused: the money is back, and goes into the next payout. */
  #fail(payout: Stripe.Payout): void {
    payout.failure_balance_transaction = this.#record(payout, 'payout_failure', payout.amount).id;
    Object.assign(payout, {
      status: 'failed',
      failure_code: 'account_closed',
      failure_message: 'The bank account has been closed.',
    });
    this.#deliveries.emit('payout.failed', payout);
  }

  #record(
    payout: Stripe.Payout,
    type: 'payout' | 'payout_failure',
    amount: number,
  ): Stripe.BalanceTransaction {
    return this.#balance.record({
      type,
      category: type,
      source: payout.id,
      amount,
      currency: payout.currency,
      description: payout.description,
    });
  }
}
