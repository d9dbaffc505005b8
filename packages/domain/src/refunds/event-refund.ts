import type { RefundableTicket } from './refund.ts';

/** An order of a cancelled event that still has tickets or money, and a payment for them. */
export interface CancelledOrder {
  readonly orderId: string;
  readonly paymentId: string;
  readonly organizationId: string;
  readonly currency: string;
  /** Neither given back, nor on its way back, nor owed by a refund that failed. */
  readonly leftCents: number;
  /** The wallet that it came from, and goes back into. */
  readonly walletId: string | null;
}

type EndedTicket = Pick<RefundableTicket, 'id' | 'paidCents'>;

export interface EventRefund extends CancelledOrder {
  readonly tickets: readonly EndedTicket[];
  /** What of their price goes with it, in the books. */
  readonly ticketsCents: number;
}

/**
 * A refund for each payment of these orders, the card's before the wallet's: an order's first has its
 * tickets, and the second only money, if there is any.
 */
export function toEventRefunds(
  owed: readonly CancelledOrder[],
  live: ReadonlyMap<string, readonly EndedTicket[]>,
): EventRefund[] {
  const byOrder = Map.groupBy(owed, ({ orderId }) => orderId);
  return [...byOrder].flatMap(([orderId, payments]) => {
    const [first, second] = payments.toSorted(
      (a, b) => Number(a.walletId !== null) - Number(b.walletId !== null),
    );
    const tickets = live.get(orderId) ?? [];
    const price = tickets.reduce((sum, { paidCents }) => sum + paidCents, 0);
    const beside = Math.min(second?.leftCents ?? 0, price);
    const refunds: EventRefund[] = [];
    if (first !== undefined) {
      const ticketsCents = price - beside;
      refunds.push({ ...first, tickets, ticketsCents });
    }
    if (second !== undefined && second.leftCents > 0) {
      refunds.push({ ...second, tickets: [], ticketsCents: beside });
    }
    return refunds;
  });
}
