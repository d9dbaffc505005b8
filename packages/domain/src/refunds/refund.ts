import { chargeStep } from '#payments/charge-step';
import { allot } from '#payments/largest-remainder';
import type { TicketStatus } from '#tickets/ticket';
import { type RefundPolicy, sharesOf } from './policy.ts';

export type RefundStatus = 'requested' | 'submitted' | 'succeeded' | 'failed' | 'cancelled';
export type RefundKind =
  | 'whole'
  | 'tickets'
  | 'amount'
  | 'disposition'
  | 'external'
  | 'event_cancelled'
  | 'buyer';

export interface Refund {
  readonly id: string;
  readonly organizationId: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly kind: RefundKind;
  readonly status: RefundStatus;
  readonly amountCents: number;
  readonly currency: string;
  readonly reason: string;
  readonly stripeRefundId: string | null;
  /** Raised when the same refund must be asked for under another key. */
  readonly attempt: number;
  /** Milliseconds since Stripe was first asked under this key, by the database's clock. */
  readonly sinceFirstCallMs: number | null;
  readonly requestHash: string | null;
}

/** A ticket as a refund sees it: what it cost, and whether it is still somebody's. */
export interface RefundableTicket {
  readonly id: string;
  readonly tierId: string;
  readonly status: TicketStatus;
  readonly paidCents: number;
  /** Somebody came in with it. */
  readonly isAdmitted: boolean;
  /** Somebody else than the buyer holds it. */
  readonly isPassedOn: boolean;
}

/** What is asked for: all of it, these tickets, or an amount without tickets. */
export type RefundWish =
  | { readonly kind: 'whole'; readonly evenAdmitted: boolean }
  | {
      readonly kind: 'tickets';
      readonly ticketIds: readonly string[];
      readonly evenAdmitted: boolean;
    }
  | { readonly kind: 'amount'; readonly amountCents: number }
  /** The buyer's own wish, of which the event's policy keeps a share. */
  | {
      readonly kind: 'buyer';
      readonly ticketIds: readonly string[];
      readonly policy: Pick<RefundPolicy, 'keptPercent' | 'keptCentsPerTicket'>;
    };

export type RefundDecision =
  | {
      readonly kind: 'refund';
      readonly amountCents: number;
      readonly tickets: readonly RefundableTicket[];
    }
  | { readonly kind: 'ticket_unknown'; readonly ticketId: string }
  | { readonly kind: 'ticket_ended'; readonly ticketId: string }
  /** It was used: only who says so expressly gives its money back, and its seat stays taken. */
  | { readonly kind: 'ticket_admitted'; readonly ticketId: string }
  | { readonly kind: 'more_than_left'; readonly leftCents: number }
  | { readonly kind: 'not_chargeable'; readonly step: number }
  | { readonly kind: 'nothing_left' };

/**
 * What an order line's tickets cost each: its net total by largest remainder, in steps that cards
 * can pay, so that refunding them one by one gives back exactly what was paid.
 */
export function shareOut(lineCents: number, quantity: number, currency: string): number[] {
  const step = chargeStep(currency);
  const units = Math.floor(lineCents / step);
  return allot(
    units,
    Array.from({ length: quantity }, () => 1),
  ).map((unit) => unit * step);
}

/**
 * What a wish becomes. `leftCents` is what neither was given back nor is on its way. Whole orders
 * take what is left of the money, since a goodwill refund before it may have taken a part. Of one that
 * awaits its tickets those end with it, also when no money is left.
 */
export function decideRefund(
  wish: RefundWish,
  order: {
    readonly tickets: readonly RefundableTicket[];
    readonly leftCents: number;
    readonly currency: string;
    readonly awaitsTickets: boolean;
  },
): RefundDecision {
  const decision = decideWish(wish, order);
  const isMeant = 'evenAdmitted' in wish && wish.evenAdmitted;
  const used =
    decision.kind === 'refund' && !isMeant
      ? decision.tickets.find(({ isAdmitted }) => isAdmitted)
      : undefined;
  return used === undefined ? decision : { kind: 'ticket_admitted', ticketId: used.id };
}

function decideWish(
  wish: RefundWish,
  order: {
    readonly tickets: readonly RefundableTicket[];
    readonly leftCents: number;
    readonly currency: string;
    readonly awaitsTickets: boolean;
  },
): RefundDecision {
  const live = order.tickets.filter(isLive);
  switch (wish.kind) {
    case 'whole':
      return live.length === 0 && order.leftCents === 0 && !order.awaitsTickets
        ? { kind: 'nothing_left' }
        : { kind: 'refund', amountCents: order.leftCents, tickets: live };
    case 'amount':
      return decideAmount(wish.amountCents, order);
    case 'tickets':
      return decideTickets(wish.ticketIds, order);
    case 'buyer':
      return lessWhatIsKept(decideTickets(wish.ticketIds, order), wish.policy, order.currency);
    default:
      return wish satisfies never;
  }
}

function decideAmount(
  amountCents: number,
  { leftCents, currency }: { readonly leftCents: number; readonly currency: string },
): RefundDecision {
  const step = chargeStep(currency);
  if (amountCents % step !== 0) {
    return { kind: 'not_chargeable', step };
  }
  return amountCents > leftCents
    ? { kind: 'more_than_left', leftCents }
    : { kind: 'refund', amountCents, tickets: [] };
}

function decideTickets(
  ids: readonly string[],
  order: { readonly tickets: readonly RefundableTicket[]; readonly leftCents: number },
): RefundDecision {
  const known = new Map(order.tickets.map((ticket) => [ticket.id, ticket]));
  const chosen: RefundableTicket[] = [];
  for (const ticketId of new Set(ids)) {
    const ticket = known.get(ticketId);
    if (ticket === undefined) {
      return { kind: 'ticket_unknown', ticketId };
    }
    if (!isLive(ticket)) {
      return { kind: 'ticket_ended', ticketId };
    }
    chosen.push(ticket);
  }
  const amountCents = chosen.reduce((sum, ticket) => sum + ticket.paidCents, 0);
  return amountCents > order.leftCents
    ? { kind: 'more_than_left', leftCents: order.leftCents }
    : { kind: 'refund', amountCents, tickets: chosen };
}

/** Tickets given back within the policy: less what it keeps of them. */
function lessWhatIsKept(
  decision: RefundDecision,
  policy: Pick<RefundPolicy, 'keptPercent' | 'keptCentsPerTicket'>,
  currency: string,
): RefundDecision {
  if (decision.kind !== 'refund') {
    return decision;
  }
  const shares = sharesOf(decision.tickets, policy, currency);
  return { ...decision, amountCents: shares.reduce((sum, { backCents }) => sum + backCents, 0) };
}

function isLive(ticket: RefundableTicket): boolean {
  return ticket.status === 'valid' || ticket.status === 'suspended';
}

/** Stripe's word for where a refund is (docs.stripe.com/api/refunds/object), in ours. */
export function statusOfStripe(status: string): RefundStatus {
  switch (status) {
    case 'succeeded':
    case 'failed':
      return status;
    // Its money did not go back either: it is owed still.
    case 'canceled':
      return 'failed';
    default:
      return 'submitted';
  }
}

const ranks: Readonly<Record<RefundStatus, number>> = {
  requested: 0,
  submitted: 1,
  succeeded: 2,
  cancelled: 3,
  failed: 3,
};

/** Whether a report moves a refund on. Reports come in any order; a refund never goes back. */
export function movesOn(from: RefundStatus, to: RefundStatus): boolean {
  return ranks[to] > ranks[from];
}

/** The key a refund is asked for with: the same bytes each time until its amount changes. */
export function refundKey(refund: { readonly id: string; readonly attempt: number }): string {
  return refund.attempt === 1 ? `refund/${refund.id}` : `refund/${refund.id}/${refund.attempt}`;
}

/**
 * Stripe keeps keys at least 24 hours (docs.stripe.com/api/idempotent_requests). An hour before that
 * ends the refund is looked up before it is asked for again.
 */
const keyLifeMs = 23 * 3_600_000;

export function keyHasLived(refund: { readonly sinceFirstCallMs: number | null }): boolean {
  return refund.sinceFirstCallMs !== null && refund.sinceFirstCallMs > keyLifeMs;
}
