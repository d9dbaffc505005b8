import { randomInt } from 'node:crypto';
import type Stripe from 'stripe';
import type { Balance } from './balance.ts';
import type { Books } from './books.ts';
import { byPerson, type Cause, type Deliveries } from './deliveries.ts';
import { invalid, missing, refuse } from './errors.ts';
import { later } from './later.ts';
import { newRefund } from './money-objects.ts';
import { changedMetadata, type MetadataChange, type RefundCreate } from './money-params.ts';
import type { FailureReason, RefundPlan, RefundPlans } from './refund-plans.ts';
import { amountToRefund, chargeToRefund, creditBack, debit, isAlive } from './refund-rules.ts';

interface RefundsDeps {
  readonly books: Books;
  readonly balance: Balance;
  readonly deliveries: Deliveries;
  readonly plans: RefundPlans;
  /** Whether money taken back by the bank stands in the way. */
  readonly isChargedBack: (chargeId: string) => boolean;
  readonly onFullyRefunded: (chargeId: string) => void;
}

/** The bank's reference is known a moment after the refund; in live mode days. */
const referenceDelayMs = 150;

/** Refunds, asked for through the API or in the Dashboard, and what banks make of them. */
export class Refunds {
  readonly all = new Map<string, Stripe.Refund>();
  readonly #ofCharge = new Map<string, Stripe.Refund[]>();
  readonly #waiting = new Set<Stripe.Refund>();
  readonly #deps: RefundsDeps;

  constructor(deps: RefundsDeps) {
    this.#deps = deps;
    deps.balance.onCredit = (currency) => this.#payWaiting(currency);
  }

  create(request: Omit<RefundCreate, 'expand'>, cause: Cause = byPerson): Stripe.Refund {
    const { books, plans } = this.#deps;
    const charge = chargeToRefund(books, request);
    const amount = amountToRefund(charge, {
      asked: request.amount,
      refunds: this.ofCharge(charge.id),
      isChargedBack: this.#deps.isChargedBack(charge.id),
    });
    const refund = newRefund(charge, {
      amount,
      reason: request.reason ?? null,
      metadata: changedMetadata({}, request.metadata),
    });
    this.all.set(refund.id, refund);
    this.#ofCharge.set(charge.id, [...this.ofCharge(charge.id), refund]);
    const plan = plans.next(charge, books.cards.get(charge.id));
    this.#begin(refund, { charge, plan, cause });
    if (plan.ends_as !== undefined) {
      const { ends_as: end, after_ms: afterMs, failure_reason: reason } = plan;
      later(afterMs, () =>
        end === 'failed' ? this.fail(refund.id, reason) : this.succeed(refund.id),
      );
    }
    return refund;
  }

  get(id: string): Stripe.Refund {
    const refund = this.all.get(id);
    if (refund === undefined) {
      throw missing('refund', id);
    }
    return refund;
  }

  /** Oldest first. */
  ofCharge(chargeId: string): readonly Stripe.Refund[] {
    return this.#ofCharge.get(chargeId) ?? [];
  }

  /** A refund that was on its way has arrived. */
  succeed(id: string): Stripe.Refund {
    const refund = this.get(id);
    if (refund.status !== 'pending' && refund.status !== 'requires_action') {
      throw invalid(`Refund ${id} is ${refund.status} and cannot succeed.`);
    }
    const charge = this.#chargeOf(refund);
    const previous = { ...beforeEnd(refund), balance_transaction: null };
    this.#waiting.delete(refund);
    const chargeBefore = debit(this.#deps.balance, refund, charge);
    this.#updated(refund, previous);
    this.#deps.deliveries.emit('charge.refunded', charge, { previous: chargeBefore });
    this.#settled(refund, charge);
    return refund;
  }

  /** The bank sent the money back, or never took it: what was debited is credited again. */
  fail(id: string, reason: FailureReason): Stripe.Refund {
    const refund = this.get(id);
    if (!isAlive(refund)) {
      throw invalid(`Refund ${id} is ${refund.status} and cannot fail.`);
    }
    const { deliveries } = this.#deps;
    const previous = beforeEnd(refund);
    this.#waiting.delete(refund);
    delete refund.pending_reason;
    Object.assign(refund, { status: 'failed', failure_reason: reason });
    if (refund.balance_transaction !== null) {
      creditBack(this.#deps.balance, refund, this.#chargeOf(refund));
    }
    deliveries.emit('refund.failed', refund);
    this.#updated(refund, previous);
    return refund;
  }

  /** Only what waits for an action of the buyer can be canceled. */
  cancel(id: string, cause: Cause): Stripe.Refund {
    const refund = this.get(id);
    if (refund.status !== 'requires_action') {
      throw invalid('Canceling this refund is unsupported.', { isStored: true });
    }
    refund.status = 'canceled';
    this.#updated(refund, { status: 'requires_action' }, cause);
    return refund;
  }

  update(id: string, change: MetadataChange, cause: Cause): Stripe.Refund {
    const refund = this.get(id);
    const previous = { metadata: refund.metadata };
    refund.metadata = changedMetadata(refund.metadata ?? {}, change);
    this.#updated(refund, previous, cause);
    return refund;
  }

  /** A chargeback takes the money: refunds still on their way end. */
  failPendingOf(chargeId: string): void {
    for (const refund of this.ofCharge(chargeId)) {
      if (refund.status === 'pending') {
        this.fail(refund.id, 'charge_for_pending_refund_disputed');
      }
    }
  }

  #begin(
    refund: Stripe.Refund,
    how: { readonly charge: Stripe.Charge; readonly plan: RefundPlan; readonly cause: Cause },
  ): void {
    const { deliveries } = this.#deps;
    const { charge, plan, cause } = how;
    const first = this.#firstStatus(refund, plan);
    if (first === 'succeeded') {
      const previous = debit(this.#deps.balance, refund, charge);
      deliveries.emit('refund.created', refund, { cause });
      deliveries.emit('charge.refunded', charge, { previous, cause });
      this.#settled(refund, charge);
      return;
    }
    if (first === 'failed') {
      Object.assign(refund, { status: 'failed', failure_reason: plan.failure_reason });
      deliveries.emit('refund.created', refund, { cause });
      deliveries.emit('refund.failed', refund, { cause });
      return;
    }
    if (first === 'requires_action') {
      refund.status = 'requires_action';
    } else {
      refund.pending_reason = first === 'pending' ? 'processing' : 'insufficient_funds';
    }
    if (plan.becomes === 'by_balance') {
      this.#waiting.add(refund);
    }
    deliveries.emit('refund.created', refund, { cause });
  }

  #firstStatus(refund: Stripe.Refund, { becomes }: RefundPlan) {
    if (becomes !== 'by_balance') {
      return becomes;
    }
    const isCovered = this.#deps.balance.netOf(refund.currency) >= refund.amount;
    return isCovered ? 'succeeded' : 'insufficient_funds';
  }

  /** What follows on a refund that succeeded: the bank's reference, and the end of an inquiry. */
  #settled(refund: Stripe.Refund, charge: Stripe.Charge): void {
    later(referenceDelayMs, () => {
      const card = refund.destination_details?.card;
      if (refund.status === 'succeeded' && card !== undefined) {
        const previous = { destination_details: structuredClone(refund.destination_details) };
        Object.assign(card, {
          reference_status: 'available',
          reference: randomInt(1e11).toString().padStart(11, '0'),
        });
        this.#updated(refund, previous);
      }
    });
    if (charge.refunded) {
      this.#deps.onFullyRefunded(charge.id);
    }
  }

  /** Under both names, as recorded. */
  #updated(refund: Stripe.Refund, previous: object, cause: Cause = byPerson): void {
    this.#deps.deliveries.emit('refund.updated', refund, { previous, cause });
    this.#deps.deliveries.emit('charge.refund.updated', refund, { previous, cause });
  }

  #payWaiting(currency: string): void {
    const { balance } = this.#deps;
    for (const refund of [...this.#waiting]) {
      if (refund.currency === currency && balance.netOf(currency) >= refund.amount) {
        this.succeed(refund.id);
      }
    }
  }

  #chargeOf(refund: Stripe.Refund): Stripe.Charge {
    const id = String(refund.charge);
    return this.#deps.books.charges.get(id) ?? refuse(missing('charge', id));
  }
}

/** What an event says a refund was before it ended. */
function beforeEnd({ status, pending_reason: reason }: Stripe.Refund): object {
  return { status, ...(reason !== undefined && { pending_reason: reason }) };
}
