import { formatMoney } from '@liventix/shared/money';
import type Stripe from 'stripe';
import type { Balance } from './balance.ts';
import type { Books } from './books.ts';
import { invalid, missing, refuse } from './errors.ts';

const isStored = true;

/** Whether a refund has taken, or may still take, money. */
export function isAlive({ status }: Stripe.Refund): boolean {
  return status !== 'failed' && status !== 'canceled';
}

interface Asked {
  readonly charge?: string | undefined;
  readonly payment_intent?: string | undefined;
}

export function chargeToRefund(books: Books, asked: Asked): Stripe.Charge {
  const { charge: chargeId, payment_intent: intentId } = asked;
  if ((chargeId === undefined) === (intentId === undefined)) {
    throw invalid(
      chargeId === undefined
        ? 'One of the following params should be provided for this request: payment_intent or charge.'
        : 'You may only specify one of these parameters: payment_intent, charge.',
    );
  }
  if (chargeId !== undefined) {
    return books.charges.get(chargeId) ?? refuse(missing('charge', chargeId));
  }
  return paidChargeOf(books, intentId ?? '');
}

export function paidChargeOf(books: Books, intentId: string): Stripe.Charge {
  const intent = books.paymentIntents.get(intentId);
  if (intent === undefined) {
    throw missing('payment_intent', intentId);
  }
  const charge = books.charges.get(String(intent.latest_charge));
  if (intent.status !== 'succeeded' || charge === undefined) {
    throw invalid(
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
      { isStored },
    );
  }
  return charge;
}

/** How much is to be refunded, or a refusal in the words recorded from Stripe. */
export function amountToRefund(
  charge: Stripe.Charge,
  request: {
    readonly asked: number | undefined;
    readonly refunds: readonly Stripe.Refund[];
    readonly isChargedBack: boolean;
  },
): number {
  const { asked, refunds, isChargedBack } = request;
  const { id } = charge;
  if (isChargedBack) {
    const message = `Charge ${id} has been charged back; cannot issue a refund.`;
    throw invalid(message, { code: 'charge_disputed', isStored });
  }
  if (charge.status !== 'succeeded') {
    throw invalid(`Charge ${id} has not succeeded; cannot issue a refund.`, { isStored });
  }
  const taken = refunds.filter(isAlive).reduce((sum, { amount }) => sum + amount, 0);
  const left = charge.amount - taken;
  if (left <= 0) {
    const message = `Charge ${id} has already been refunded.`;
    throw invalid(message, { code: 'charge_already_refunded', isStored });
  }
  if (asked !== undefined && asked > left) {
    const money = (amount: number) => formatMoney(amount, charge.currency, 'en');
    throw invalid(
      `Refund amount (${money(asked)}) is greater than unrefunded amount on charge (${money(left)})`,
      { param: 'amount', isStored },
    );
  }
  return asked ?? left;
}

/** Debits the balance and counts the refund on its charge; what the charge was before. */
export function debit(
  balance: Balance,
  refund: Stripe.Refund,
  charge: Stripe.Charge,
): Partial<Stripe.Charge> {
  delete refund.pending_reason;
  refund.status = 'succeeded';
  refund.balance_transaction = balance.record({
    type: 'refund',
    category: 'refund',
    source: refund.id,
    amount: -refund.amount,
    currency: refund.currency,
    description: 'REFUND FOR CHARGE',
    availableOn: balance.availabilityOf(charge),
  }).id;
  return count(charge, refund.amount);
}

export function creditBack(balance: Balance, refund: Stripe.Refund, charge: Stripe.Charge): void {
  refund.failure_balance_transaction = balance.record({
    type: 'refund_failure',
    category: 'refund_failure',
    source: refund.id,
    amount: refund.amount,
    currency: refund.currency,
    description: 'REFUND FAILURE',
  }).id;
  count(charge, -refund.amount);
}

function count(charge: Stripe.Charge, amount: number): Partial<Stripe.Charge> {
  const { amount_refunded: before, refunded } = charge;
  charge.amount_refunded = before + amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  return { amount_refunded: before, ...(refunded !== charge.refunded && { refunded }) };
}
