import type { Hold } from '#inventory/hold';
import type { OrderStatus } from '#orders/order';
import type { PaidSession } from './session.ts';

export type AttemptState =
  | 'creating'
  | 'open'
  | 'completed'
  | 'paid'
  | 'expired'
  | 'failed'
  | 'superseded';

/** One Stripe Checkout session asked for. */
export interface CheckoutAttempt {
  readonly id: string;
  readonly orderId: string;
  readonly state: AttemptState;
  readonly livemode: boolean;
  readonly expectedAmountCents: number;
  readonly currency: string;
  readonly parameters: unknown;
  readonly expiresAt: Date;
  readonly sessionId: string | null;
  readonly url: string | null;
  /** Another request is asking Stripe at this moment. */
  readonly isLeased: boolean;
  /** Five minutes past the page's own end: nobody can pay on it any more. */
  readonly isBeyondPage: boolean;
}

/** What a payment becomes. Decided once, under the order's lock; one for tickets may be given up (ADR 0030). */
export type Disposition =
  | { readonly kind: 'tickets'; readonly reason: 'in_time' }
  /** The hold is gone: tickets if the seats can be taken again, else a refund. */
  | { readonly kind: 'retake' }
  | {
      readonly kind: 'refund';
      readonly reason:
        | 'second_payment'
        | 'order_cancelled'
        | 'event_cancelled'
        | 'event_ended'
        | 'already_refunded'
        | 'people_forgotten';
    }
  | {
      readonly kind: 'review';
      readonly reason: 'attempt_unknown' | 'amount_differs' | 'currency_differs' | 'mode_differs';
    };

export function decideDisposition(facts: {
  readonly order: OrderStatus;
  /** Who would have had the tickets was forgotten: nobody could be told of them. */
  readonly isErased: boolean;
  readonly hold: Pick<Hold, 'status'>;
  readonly event: { readonly isCancelled: boolean; readonly hasEnded: boolean };
  readonly attempt: CheckoutAttempt | undefined;
  readonly paid: PaidSession;
  /** What Stripe gave back of it before we heard of it. */
  readonly refundedCents: number;
}): Disposition {
  const mismatch = mismatchOf(facts.attempt, facts.paid);
  if (mismatch !== undefined) {
    return { kind: 'review', reason: mismatch };
  }
  if (facts.refundedCents >= facts.paid.amountCents && facts.paid.amountCents > 0) {
    return { kind: 'refund', reason: 'already_refunded' };
  }
  if (facts.order === 'paid' || facts.order === 'fulfilled') {
    return { kind: 'refund', reason: 'second_payment' };
  }
  // Cancelling an event cancels its open orders: the event is the reason.
  if (facts.event.isCancelled) {
    return { kind: 'refund', reason: 'event_cancelled' };
  }
  if (facts.order === 'cancelled') {
    return { kind: 'refund', reason: 'order_cancelled' };
  }
  if (facts.event.hasEnded) {
    return { kind: 'refund', reason: 'event_ended' };
  }
  if (facts.isErased) {
    return { kind: 'refund', reason: 'people_forgotten' };
  }
  // Settling looks at the hold's status, never at its deadline: money in time is in time.
  return facts.hold.status === 'active'
    ? { kind: 'tickets', reason: 'in_time' }
    : { kind: 'retake' };
}

/** Facts from Stripe that contradict what we asked for: a person decides, nothing is issued. */
function mismatchOf(
  attempt: CheckoutAttempt | undefined,
  paid: PaidSession,
): Extract<Disposition, { kind: 'review' }>['reason'] | undefined {
  if (attempt === undefined) {
    return 'attempt_unknown';
  }
  if (attempt.livemode !== paid.livemode) {
    return 'mode_differs';
  }
  if (attempt.currency !== paid.currency) {
    return 'currency_differs';
  }
  return attempt.expectedAmountCents === paid.amountCents ? undefined : 'amount_differs';
}
