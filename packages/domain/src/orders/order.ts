export type OrderStatus = 'pending' | 'paid' | 'fulfilled' | 'expired' | 'cancelled';

export interface Order {
  readonly id: string;
  readonly organizationId: string;
  readonly eventId: string;
  readonly holdId: string;
  readonly number: string;
  readonly status: OrderStatus;
  readonly buyerName: string | null;
  readonly buyerEmail: string | null;
  readonly locale: string;
  readonly currency: string;
  readonly discountCents: number;
  readonly totalCents: number;
  /** What of the total a wallet pays, and which. */
  readonly walletCents: number;
  readonly walletId: string | null;
  /** The code whose discount its lines carry. */
  readonly promo: { readonly id: string; readonly code: string } | null;
  readonly tokenVersion: number;
  readonly checkoutKey: string | null;
  readonly checkoutHash: string | null;
  readonly createdAt: Date;
  /** Its people were forgotten: nothing can be mailed, and nobody named. */
  readonly isErased: boolean;
  readonly items: readonly OrderItem[];
}

export interface OrderItem {
  readonly tierId: string;
  readonly tierName: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
  readonly discountCents: number;
  readonly totalCents: number;
}

/** What of an order is paid with a card. */
export function dueCents(order: Pick<Order, 'totalCents' | 'walletCents'>): number {
  return order.totalCents - order.walletCents;
}

/** What a checkout request means for an order that exists already. */
export type RepeatDecision =
  | 'replay'
  | 'key_reused'
  | 'same_page'
  | 'other_content'
  | 'paid'
  | 'ended';

/**
 * Asking again: the same key must bring the same body. Another key with the same content gets the
 * same page, and with other content a new one after the old is closed.
 */
export function decideRepeat(
  order: Pick<Order, 'status' | 'checkoutKey' | 'checkoutHash'>,
  request: { readonly key: string; readonly hash: string },
): RepeatDecision {
  const sameHash = order.checkoutHash === request.hash;
  if (order.checkoutKey === request.key) {
    return sameHash ? 'replay' : 'key_reused';
  }
  switch (order.status) {
    case 'pending':
      return sameHash ? 'same_page' : 'other_content';
    case 'paid':
    case 'fulfilled':
      return 'paid';
    case 'expired':
    case 'cancelled':
      return 'ended';
    default:
      return order.status satisfies never;
  }
}
