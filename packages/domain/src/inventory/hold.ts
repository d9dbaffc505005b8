import { type SaleWindow, saleWindow } from '#events/event';

/** A paid order's hold is pinned: it has no deadline any more. */
export type HoldDeadline = Date | 'pinned';

export interface Hold {
  readonly id: string;
  readonly organizationId: string;
  readonly eventId: string;
  readonly orderId: string | null;
  readonly status: 'active' | 'converted' | 'released' | 'expired';
  readonly deadline: HoldDeadline;
  readonly isPastDeadline: boolean;
  readonly isGivenBack: boolean;
  readonly tokenVersion: number;
  readonly items: readonly HoldItem[];
}

export interface HoldItem {
  readonly tierId: string;
  readonly tierName: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

export interface BasketItem {
  readonly tierId: string;
  readonly quantity: number;
}

/** A tier as it stands under its lock, with what is left of it and of its pools. */
export interface Offer {
  readonly tierId: string;
  readonly name: string;
  readonly priceCents: number;
  readonly minPerOrder: number;
  readonly maxPerOrder: number;
  readonly available: number;
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
  readonly closedAt: Date | null;
  /** When this was true, by the database's clock. */
  readonly asOf: Date;
  /** The pools this tier draws on, by id, with what each has left. */
  readonly pools: readonly { readonly poolId: string; readonly left: number }[];
}

export interface SellingEvent {
  readonly status: 'draft' | 'on_sale' | 'closed' | 'cancelled';
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
  readonly endsAt: Date;
  readonly maxPerOrder: number;
}

export type BasketRefusal =
  | {
      readonly kind: 'window';
      readonly window: Exclude<SaleWindow, 'open'>;
      readonly tierId: string;
    }
  | { readonly kind: 'tier_unknown'; readonly tierId: string }
  | { readonly kind: 'tier_repeated'; readonly tierId: string }
  | { readonly kind: 'above_limit'; readonly tierId: string | null; readonly limit: number }
  | { readonly kind: 'below_limit'; readonly tierId: string; readonly limit: number }
  | {
      readonly kind: 'sold_out';
      readonly left: readonly { readonly tierId: string; readonly available: number }[];
    };

export type BasketDecision =
  | { readonly kind: 'hold'; readonly items: readonly HoldItem[] }
  | { readonly kind: 'refuse'; readonly refusal: BasketRefusal };

/**
 * All or nothing: a basket gets every seat it asks for, or none.
 */
export function decideBasket(input: {
  readonly basket: readonly BasketItem[];
  readonly event: SellingEvent;
  readonly offers: readonly Offer[];
}): BasketDecision {
  const refusal = basketRefusal(input) ?? soldOut(input);
  if (refusal !== undefined) {
    return { kind: 'refuse', refusal };
  }
  const offers = new Map(input.offers.map((offer) => [offer.tierId, offer]));
  const items = input.basket.flatMap(({ tierId, quantity }) => {
    const offer = offers.get(tierId);
    return offer === undefined
      ? []
      : [{ tierId, tierName: offer.name, quantity, unitPriceCents: offer.priceCents }];
  });
  return { kind: 'hold', items };
}

function basketRefusal(input: Parameters<typeof decideBasket>[0]): BasketRefusal | undefined {
  const seen = new Set<string>();
  for (const item of input.basket) {
    if (seen.has(item.tierId)) {
      return { kind: 'tier_repeated', tierId: item.tierId };
    }
    seen.add(item.tierId);
    const offer = input.offers.find((candidate) => candidate.tierId === item.tierId);
    const refusal =
      offer === undefined
        ? { kind: 'tier_unknown' as const, tierId: item.tierId }
        : itemRefusal({ item, offer, event: input.event });
    if (refusal !== undefined) {
      return refusal;
    }
  }
  const asked = input.basket.reduce((sum, item) => sum + item.quantity, 0);
  return asked > input.event.maxPerOrder
    ? { kind: 'above_limit', tierId: null, limit: input.event.maxPerOrder }
    : undefined;
}

function itemRefusal(input: {
  readonly item: BasketItem;
  readonly offer: Offer;
  readonly event: SellingEvent;
}): BasketRefusal | undefined {
  const { item, offer } = input;
  const window = saleWindow(input.event, offer, offer.asOf);
  if (window !== 'open') {
    return { kind: 'window', window, tierId: item.tierId };
  }
  if (item.quantity > offer.maxPerOrder) {
    return { kind: 'above_limit', tierId: item.tierId, limit: offer.maxPerOrder };
  }
  if (item.quantity < offer.minPerOrder) {
    return { kind: 'below_limit', tierId: item.tierId, limit: offer.minPerOrder };
  }
  return undefined;
}

function soldOut(input: Parameters<typeof decideBasket>[0]): BasketRefusal | undefined {
  if (fits(input.basket, input.offers)) {
    return undefined;
  }
  const left = input.offers.map(({ tierId, available }) => ({ tierId, available }));
  return { kind: 'sold_out', left };
}

/** Late money: whether the seats of a hold that is gone can be taken again, all of them. */
export function decideRetake(
  items: readonly BasketItem[],
  offers: readonly Offer[],
): 'available' | 'sold_out' {
  return fits(items, offers) ? 'available' : 'sold_out';
}

/** Several tiers may draw on one pool, so pools are counted over the whole basket. */
function fits(basket: readonly BasketItem[], offers: readonly Offer[]): boolean {
  const taken = new Map<string, number>();
  return basket.every((item) => {
    const offer = offers.find((candidate) => candidate.tierId === item.tierId);
    if (offer === undefined || offer.available < item.quantity) {
      return false;
    }
    return offer.pools.every((pool) => {
      const used = (taken.get(pool.poolId) ?? 0) + item.quantity;
      taken.set(pool.poolId, used);
      return used <= pool.left;
    });
  });
}
