import type Stripe from 'stripe';
import type { Balance } from './balance.ts';
import { type CardOutcome, outcomeOf } from './cards.ts';
import { byPerson, type Cause, type Deliveries } from './deliveries.ts';
import { invalid, missing } from './errors.ts';
import { nowSeconds } from './ids.ts';
import { newCharge, newPaymentIntent, newSession } from './objects.ts';
import type { SessionCreate } from './params.ts';

export interface PayRequest {
  readonly card: string;
  readonly threeDSecure: 'pass' | 'fail' | undefined;
  /** Of the card's owner, as typed on the page. */
  readonly name?: string | undefined;
  /** What Stripe would report instead of what was asked for: only to test what must not happen. */
  readonly tamper?: { amount_total?: number; currency?: string; livemode?: boolean } | undefined;
}

export type PayOutcome =
  | { readonly outcome: 'paid'; readonly paymentIntent: string }
  | { readonly outcome: 'processing'; readonly paymentIntent: string }
  | { readonly outcome: 'declined'; readonly code: string; readonly message: string }
  | { readonly outcome: 'requires_action' }
  | { readonly outcome: 'not_open'; readonly status: string };

/** Everything the provider believes, and what people do on its pages. */
export class Books {
  readonly sessions = new Map<string, Stripe.Checkout.Session>();
  readonly paymentIntents = new Map<string, Stripe.PaymentIntent>();
  readonly charges = new Map<string, Stripe.Charge>();
  /** The card that paid a charge: test cards have a fate beyond the payment. */
  readonly cards = new Map<string, string>();
  readonly #parameters = new Map<string, SessionCreate>();
  readonly #deliveries: Deliveries;
  readonly #balance: Balance;
  readonly #pageUrl: (id: string) => string;
  readonly #onCharged: (charge: Stripe.Charge, card: string) => void;

  constructor(deps: {
    readonly deliveries: Deliveries;
    readonly balance: Balance;
    readonly pageUrl: (id: string) => string;
    /** Right after `charge.succeeded`: some test cards dispute at once. */
    readonly onCharged: (charge: Stripe.Charge, card: string) => void;
  }) {
    this.#deliveries = deps.deliveries;
    this.#balance = deps.balance;
    this.#pageUrl = deps.pageUrl;
    this.#onCharged = deps.onCharged;
  }

  createSession(params: SessionCreate): Stripe.Checkout.Session {
    const session = newSession(params, this.#pageUrl);
    this.sessions.set(session.id, session);
    this.#parameters.set(session.id, params);
    return session;
  }

  getSession(id: string): Stripe.Checkout.Session {
    const session = this.sessions.get(id);
    if (session === undefined) {
      throw missing('checkout.session', id);
    }
    return session;
  }

  parametersOf(id: string): SessionCreate | undefined {
    return this.#parameters.get(id);
  }

  expireSession(id: string, cause: Cause): Stripe.Checkout.Session {
    const session = this.getSession(id);
    if (session.status !== 'open') {
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
        { isStored: true },
      );
    }
    session.status = 'expired';
    session.url = null;
    this.#deliveries.emit('checkout.session.expired', session, { cause });
    return session;
  }

  /** Sessions end by themselves a moment after their time. */
  expireOverdue(): void {
    const now = nowSeconds();
    for (const session of this.sessions.values()) {
      if (session.status === 'open' && session.expires_at <= now) {
        this.expireSession(session.id, byPerson);
      }
    }
  }

  pay(id: string, request: PayRequest): PayOutcome {
    const session = this.getSession(id);
    if (session.status !== 'open') {
      return { outcome: 'not_open', status: session.status ?? 'unknown' };
    }
    const outcome = outcomeOf(request.card);
    if (outcome.kind === 'challenge' && request.threeDSecure === undefined) {
      return { outcome: 'requires_action' };
    }
    Object.assign(session, request.tamper);
    if (request.name !== undefined && session.customer_details !== null) {
      session.customer_details.name = request.name;
    }
    const intent = this.#intentOf(session);
    if (outcome.kind === 'declined') {
      return this.#decline(intent, request.card, outcome);
    }
    if (outcome.kind === 'challenge' && request.threeDSecure === 'fail') {
      return this.#failChallenge(intent);
    }
    return this.#succeed(session, intent, request.card);
  }

  /** The intent is made at the first try to pay, and kept for the next. */
  #intentOf(session: Stripe.Checkout.Session): Stripe.PaymentIntent {
    if (typeof session.payment_intent === 'string') {
      const known = this.paymentIntents.get(session.payment_intent);
      if (known !== undefined) {
        return known;
      }
    }
    const data = this.#parameters.get(session.id)?.payment_intent_data;
    const intent = newPaymentIntent(
      {
        amount: session.amount_total ?? 0,
        currency: session.currency ?? 'usd',
        livemode: session.livemode,
      },
      {
        metadata: data?.metadata ?? {},
        description: data?.description ?? null,
        receiptEmail: data?.receipt_email ?? null,
      },
    );
    this.paymentIntents.set(intent.id, intent);
    session.payment_intent = intent.id;
    return intent;
  }

  #decline(
    intent: Stripe.PaymentIntent,
    card: string,
    outcome: Extract<CardOutcome, { kind: 'declined' }>,
  ): PayOutcome {
    const { code, message } = outcome;
    this.#deliveries.emit('payment_intent.created', intent);
    const charge = newCharge(intent, { card, failure: { code, message } });
    this.charges.set(charge.id, charge);
    intent.latest_charge = charge.id;
    intent.last_payment_error = {
      type: 'card_error',
      code,
      message,
      charge: charge.id,
      ...(outcome.declineCode !== undefined && { decline_code: outcome.declineCode }),
    } as Stripe.PaymentIntent.LastPaymentError;
    this.#deliveries.emit('charge.failed', charge);
    this.#deliveries.emit('payment_intent.payment_failed', intent);
    return { outcome: 'declined', code, message };
  }

  #failChallenge(intent: Stripe.PaymentIntent): PayOutcome {
    this.#deliveries.emit('payment_intent.requires_action', intent);
    this.#deliveries.emit('payment_intent.payment_failed', intent);
    return {
      outcome: 'declined',
      code: 'payment_intent_authentication_failure',
      message: 'We are unable to authenticate your payment method.',
    };
  }

  /** In the order recorded from Stripe: `created` comes after `succeeded`, fees come last. */
  #succeed(
    session: Stripe.Checkout.Session,
    intent: Stripe.PaymentIntent,
    card: string,
  ): PayOutcome {
    const charge = newCharge(intent, { card });
    this.charges.set(charge.id, charge);
    const before = structuredClone(intent);
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: intent.amount,
      latest_charge: charge.id,
    });
    Object.assign(session, { status: 'complete', payment_status: 'paid', url: null });
    this.#deliveries.emit('charge.succeeded', charge);
    const digits = card.replaceAll(/\D/g, '');
    this.cards.set(charge.id, digits);
    this.#onCharged(charge, digits);
    this.#deliveries.emit('payment_intent.succeeded', intent);
    this.#deliveries.emit('payment_intent.created', before);
    this.#deliveries.emit('checkout.session.completed', session);
    this.#settleFeesLater(charge);
    return { outcome: 'paid', paymentIntent: intent.id };
  }

  /** A bank debit or a voucher: the page is complete, and the money comes days later or never. */
  payLater(id: string): PayOutcome {
    const session = this.getSession(id);
    if (session.status !== 'open') {
      return { outcome: 'not_open', status: session.status ?? 'unknown' };
    }
    const intent = this.#intentOf(session);
    intent.status = 'processing';
    Object.assign(session, { status: 'complete', payment_status: 'unpaid', url: null });
    this.#deliveries.emit('payment_intent.processing', intent);
    this.#deliveries.emit('checkout.session.completed', session);
    return { outcome: 'processing', paymentIntent: intent.id };
  }

  /** What the bank says in the end of a payment that was on its way. */
  arrive(id: string, outcome: 'succeeded' | 'failed'): void {
    const session = this.getSession(id);
    if (session.status !== 'complete' || session.payment_status !== 'unpaid') {
      throw invalid(`The money of session ${id} is not on its way.`);
    }
    const intent = this.#intentOf(session);
    if (outcome === 'failed') {
      intent.status = 'requires_payment_method';
      this.#deliveries.emit('payment_intent.payment_failed', intent);
      this.#deliveries.emit('checkout.session.async_payment_failed', session);
      return;
    }
    const charge = newCharge(intent, { card: '' });
    this.charges.set(charge.id, charge);
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: intent.amount,
      latest_charge: charge.id,
    });
    session.payment_status = 'paid';
    this.#deliveries.emit('charge.succeeded', charge);
    this.#deliveries.emit('payment_intent.succeeded', intent);
    this.#deliveries.emit('checkout.session.async_payment_succeeded', session);
    this.#settleFeesLater(charge);
  }

  /** Fees are known a moment after the charge, as with Stripe's asynchronous capture. */
  #settleFeesLater(charge: Stripe.Charge): void {
    setTimeout(() => {
      const transaction = this.#balance.recordCharge(charge, this.cards.get(charge.id));
      charge.balance_transaction = transaction.id;
      this.#deliveries.emit('charge.updated', charge, { previous: { balance_transaction: null } });
    }, this.#balance.fees.settle_delay_ms).unref();
  }
}
