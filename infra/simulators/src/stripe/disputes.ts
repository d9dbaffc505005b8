import { isDeepStrictEqual } from 'node:util';
import type Stripe from 'stripe';
import type { Balance } from './balance.ts';
import type { Books } from './books.ts';
import { byPerson, type Cause, type Deliveries } from './deliveries.ts';
import { invalid, missing, refuse } from './errors.ts';
import { later } from './later.ts';
import { newDispute, reasonCodeOf } from './money-objects.ts';
import { changedMetadata, type DisputeUpdate } from './money-params.ts';
import { paidChargeOf } from './refund-rules.ts';

interface DisputesDeps {
  readonly books: Books;
  readonly balance: Balance;
  readonly deliveries: Deliveries;
  /** A chargeback ends what is on its way back already. */
  readonly failPendingRefundsOf: (chargeId: string) => void;
}

export interface DisputeRequest {
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  readonly inquiry?: boolean | undefined;
  /** Whether refunds on their way fail by it, as Stripe's failure reason says; true without it. */
  readonly failsPendingRefunds?: boolean | undefined;
}

/** Test cards that dispute at once (docs.stripe.com/testing#disputes). */
const disputingCards: Readonly<Record<string, DisputeRequest>> = {
  '4000000000000259': { reason: 'fraudulent' },
  '4000000000002685': { reason: 'product_not_received' },
  '4000000000001976': { inquiry: true },
};

const open = ['needs_response', 'under_review'];
const inquiries = ['warning_needs_response', 'warning_under_review'];
const magicDelayMs = 300;
const evidenceLengthMax = 150_000;

/** Chargebacks and inquiries, from the bank's first word to its last. */
export class Disputes {
  readonly all = new Map<string, Stripe.Dispute>();
  readonly #ofCharge = new Map<string, Stripe.Dispute>();
  readonly #deps: DisputesDeps;

  constructor(deps: DisputesDeps) {
    this.#deps = deps;
  }

  open(intentId: string, request: DisputeRequest): Stripe.Dispute {
    return this.openFor(paidChargeOf(this.#deps.books, intentId), request);
  }

  openFor(charge: Stripe.Charge, request: DisputeRequest): Stripe.Dispute {
    if (this.#ofCharge.has(charge.id)) {
      throw invalid(`Charge ${charge.id} has a dispute already.`);
    }
    const amount = request.amount ?? (charge.amount - charge.amount_refunded || charge.amount);
    if (amount > charge.amount) {
      throw invalid(`Charge ${charge.id} is of ${charge.amount} only.`);
    }
    const isInquiry = request.inquiry ?? false;
    const reason = request.reason ?? 'fraudulent';
    const dispute = newDispute(charge, { amount, reason, isInquiry });
    this.all.set(dispute.id, dispute);
    this.#ofCharge.set(charge.id, dispute);
    charge.disputed = true;
    if (isInquiry) {
      this.#emit('created', dispute);
      return dispute;
    }
    this.#withdraw(dispute);
    this.#emit('created', dispute);
    this.#emit('funds_withdrawn', dispute);
    if (request.failsPendingRefunds ?? true) {
      this.#deps.failPendingRefundsOf(charge.id);
    }
    return dispute;
  }

  /** What the bank of a test card does by itself. */
  openByCard(charge: Stripe.Charge, card: string): void {
    const request = disputingCards[card];
    if (request !== undefined) {
      this.openFor(charge, request);
    }
  }

  get(id: string): Stripe.Dispute {
    return this.all.get(id) ?? refuse(missing('dispute', id));
  }

  ofCharge(chargeId: string): Stripe.Dispute | undefined {
    return this.#ofCharge.get(chargeId);
  }

  isChargedBack(chargeId: string): boolean {
    return this.#ofCharge.get(chargeId)?.is_charge_refundable === false;
  }

  /** The money comes back, the dispute fee does not. */
  win(id: string): Stripe.Dispute {
    const dispute = this.#inState(id, open);
    Object.assign(dispute, { status: 'won', is_charge_refundable: true });
    this.#move(dispute, { category: 'dispute_reversal', amount: dispute.amount, fee: 0 });
    this.#emit('funds_reinstated', dispute);
    this.#emit('closed', dispute);
    return dispute;
  }

  lose(id: string): Stripe.Dispute {
    const dispute = this.#inState(id, open);
    dispute.status = 'lost';
    this.#emit('closed', dispute);
    return dispute;
  }

  closeInquiry(id: string): Stripe.Dispute {
    const dispute = this.#inState(id, inquiries);
    dispute.status = 'warning_closed';
    this.#emit('closed', dispute);
    return dispute;
  }

  /** Nothing is left to ask about when all was given back. */
  closeInquiryOf(chargeId: string): void {
    const dispute = this.#ofCharge.get(chargeId);
    if (dispute !== undefined && inquiries.includes(dispute.status)) {
      this.closeInquiry(dispute.id);
    }
  }

  /** The bank was not content: the inquiry becomes a chargeback. */
  escalate(id: string): Stripe.Dispute {
    const dispute = this.#inState(id, inquiries);
    const previous = { status: dispute.status, is_charge_refundable: true };
    Object.assign(dispute, { status: 'needs_response', is_charge_refundable: false });
    if (dispute.payment_method_details?.card !== undefined) {
      Object.assign(dispute.payment_method_details.card, {
        case_type: 'chargeback',
        network_reason_code: reasonCodeOf(dispute.reason),
      });
    }
    this.#withdraw(dispute);
    this.#emit('updated', dispute, { previous });
    this.#emit('funds_withdrawn', dispute);
    this.#deps.failPendingRefundsOf(String(dispute.charge));
    return dispute;
  }

  /** Evidence is laid beside what was given before, and goes to the bank unless it is only staged. */
  update(id: string, change: DisputeUpdate, cause: Cause): Stripe.Dispute {
    const dispute = this.#stillOpen(id);
    const { evidence = {}, submit } = change;
    if (textLengthOf({ ...dispute.evidence, ...evidence }) > evidenceLengthMax) {
      throw invalid(
        `The combined character count of all evidence is limited to ${evidenceLengthMax}.`,
        { param: 'evidence', isStored: true },
      );
    }
    const before = structuredClone(dispute);
    dispute.evidence = { ...dispute.evidence, ...defined(evidence) };
    dispute.metadata = changedMetadata(dispute.metadata, change.metadata);
    const details = dispute.evidence_details;
    details.has_evidence ||= change.evidence !== undefined;
    const isSubmitted = submit ?? change.evidence !== undefined;
    if (isSubmitted) {
      dispute.status = dispute.status.startsWith('warning')
        ? 'warning_under_review'
        : 'under_review';
      details.submission_count += 1;
      details.submission_method = 'manual';
    }
    this.#emit('updated', dispute, { previous: changesSince(before, dispute), cause });
    if (isSubmitted) {
      this.#emitCharge(dispute, cause);
      this.#answerMagic(dispute);
    }
    return dispute;
  }

  /** The merchant gives in. */
  close(id: string, cause: Cause): Stripe.Dispute {
    const dispute = this.#stillOpen(id);
    Object.assign(dispute, { status: 'lost', is_charge_refundable: false });
    this.#emit('closed', dispute, { cause });
    this.#emitCharge(dispute, cause);
    return dispute;
  }

  /** Texts by which a test mode's bank decides (docs.stripe.com/testing#evidence). */
  #answerMagic({ id, evidence }: Stripe.Dispute): void {
    switch (evidence.uncategorized_text) {
      case 'winning_evidence':
        later(magicDelayMs, () => this.#conclude(id, 'win'));
        break;
      case 'losing_evidence':
        later(magicDelayMs, () => this.#conclude(id, 'lose'));
        break;
      case 'escalate_inquiry_evidence':
        later(magicDelayMs, () => this.escalate(id));
        break;
      default:
    }
  }

  #conclude(id: string, verdict: 'win' | 'lose'): void {
    if (inquiries.includes(this.get(id).status)) {
      this.closeInquiry(id);
      return;
    }
    this[verdict](id);
  }

  #withdraw(dispute: Stripe.Dispute): void {
    const { dispute: fee } = this.#deps.balance.fees;
    this.#move(dispute, { category: 'dispute', amount: -dispute.amount, fee });
  }

  #move(
    dispute: Stripe.Dispute,
    what: { readonly category: string; readonly amount: number; readonly fee: number },
  ): void {
    const transaction = this.#deps.balance.record({
      ...what,
      type: 'adjustment',
      source: dispute.id,
      currency: dispute.currency,
      description: `Chargeback ${what.amount < 0 ? 'withdrawal' : 'reversal'} for ${String(dispute.charge)}`,
    });
    dispute.balance_transactions.push(transaction);
  }

  #inState(id: string, states: readonly string[]): Stripe.Dispute {
    const dispute = this.get(id);
    if (!states.includes(dispute.status)) {
      throw invalid(`Dispute ${id} is ${dispute.status}, and not ${states.join(' or ')}.`);
    }
    return dispute;
  }

  #stillOpen(id: string): Stripe.Dispute {
    const dispute = this.get(id);
    if (!open.includes(dispute.status) && !inquiries.includes(dispute.status)) {
      throw invalid('This dispute is already closed', { isStored: true });
    }
    return dispute;
  }

  #emit(
    what: 'created' | 'updated' | 'closed' | 'funds_withdrawn' | 'funds_reinstated',
    dispute: Stripe.Dispute,
    more: { readonly previous?: object; readonly cause?: Cause } = {},
  ): void {
    this.#deps.deliveries.emit(`charge.dispute.${what}`, dispute, more);
  }

  #emitCharge(dispute: Stripe.Dispute, cause: Cause = byPerson): void {
    const charge = this.#deps.books.charges.get(String(dispute.charge));
    if (charge !== undefined) {
      this.#deps.deliveries.emit('charge.updated', charge, { cause });
    }
  }
}

function textLengthOf(evidence: object): number {
  return Object.values(evidence).reduce(
    (sum: number, value: unknown) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  );
}

function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function changesSince(before: Stripe.Dispute, now: Stripe.Dispute): object {
  return Object.fromEntries(
    Object.entries(before).filter(
      ([key, value]) => !isDeepStrictEqual(Reflect.get(now, key), value),
    ),
  );
}
