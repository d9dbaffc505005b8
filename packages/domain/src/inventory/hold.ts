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
  /** The buyer brought an access code that shows this tier. */
  readonly isUnlocked?: boolean;
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
  /** Neither shown nor sold without an access code. */
  readonly isHidden: boolean;
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

/** What is left while baskets are served one after the other. Offers keep the order of the shop. */
interface Stock {
  readonly offers: ReadonlyMap<string, Offer & { readonly rank: number }>;
  readonly tiers: Map<string, number>;
  readonly pools: Map<string, number>;
}

interface Sale {
  readonly event: SellingEvent;
  readonly stock: Stock;
}

/**
 * Serves baskets in the order given: each gets every seat it asks for, or none. One that does not
 * fit leaves what there is to a smaller one behind it. Offers are of the tiers named, in the order
 * in which the shop shows them.
 */
export function decideBaskets(input: {
  readonly baskets: readonly (readonly BasketItem[])[];
  readonly event: SellingEvent;
  readonly offers: readonly Offer[];
}): BasketDecision[] {
  const sale = { event: input.event, stock: stockOf(input.offers) };
  return input.baskets.map((basket) => decideBasket(basket, sale));
}

function decideBasket(basket: readonly BasketItem[], sale: Sale): BasketDecision {
  const refusal = basketRefusal(basket, sale) ?? soldOut(basket, sale.stock);
  if (refusal !== undefined) {
    return { kind: 'refuse', refusal };
  }
  const { offers } = sale.stock;
  const items = basket.flatMap(({ tierId, quantity }) => {
    const offer = offers.get(tierId);
    return offer === undefined ? [] : [{ offer, quantity }];
  });
  for (const { offer, quantity } of items) {
    take(sale.stock, offer, quantity);
  }
  return {
    kind: 'hold',
    items: items
      .toSorted((a, b) => a.offer.rank - b.offer.rank)
      .map(({ offer, quantity }) => ({
        tierId: offer.tierId,
        tierName: offer.name,
        quantity,
        unitPriceCents: offer.priceCents,
      })),
  };
}

function basketRefusal(basket: readonly BasketItem[], sale: Sale): BasketRefusal | undefined {
  const seen = new Set<string>();
  for (const item of basket) {
    if (seen.has(item.tierId)) {
      return { kind: 'tier_repeated', tierId: item.tierId };
    }
    seen.add(item.tierId);
    const offer = sale.stock.offers.get(item.tierId);
    // A hidden tier is refused in the very words of one that does not exist.
    const refusal =
      offer === undefined || (offer.isHidden && item.isUnlocked !== true)
        ? { kind: 'tier_unknown' as const, tierId: item.tierId }
        : itemRefusal({ item, offer, event: sale.event });
    if (refusal !== undefined) {
      return refusal;
    }
  }
  const asked = basket.reduce((sum, item) => sum + item.quantity, 0);
  return asked > sale.event.maxPerOrder
    ? { kind: 'above_limit', tierId: null, limit: sale.event.maxPerOrder }
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

function soldOut(basket: readonly BasketItem[], stock: Stock): BasketRefusal | undefined {
  if (fits(basket, stock)) {
    return undefined;
  }
  const left = basket.flatMap(({ tierId }) => {
    const offer = stock.offers.get(tierId);
    return offer === undefined ? [] : [{ tierId, available: leftOf(stock, offer) }];
  });
  return { kind: 'sold_out', left };
}

/** Late money: whether the seats of a hold that is gone can be taken again, all of them. */
export function decideRetake(
  items: readonly BasketItem[],
  offers: readonly Offer[],
): 'available' | 'sold_out' {
  return fits(items, stockOf(offers)) ? 'available' : 'sold_out';
}

/** Several tiers may draw on one pool, so pools are counted over the whole basket. */
function fits(basket: readonly BasketItem[], stock: Stock): boolean {
  const drawn = new Map<string, number>();
  return basket.every((item) => {
    const offer = stock.offers.get(item.tierId);
    if (offer === undefined || leftOf(stock, offer) < item.quantity) {
      return false;
    }
    return offer.pools.every(({ poolId }) => {
      const used = (drawn.get(poolId) ?? 0) + item.quantity;
      drawn.set(poolId, used);
      return used <= (stock.pools.get(poolId) ?? 0);
    });
  });
}

function stockOf(offers: readonly Offer[]): Stock {
  return {
    offers: new Map(offers.map((offer, rank) => [offer.tierId, { ...offer, rank }])),
    tiers: new Map(offers.map((offer) => [offer.tierId, offer.available])),
    pools: new Map(offers.flatMap(({ pools }) => pools.map((pool) => [pool.poolId, pool.left]))),
  };
}

function leftOf(stock: Stock, offer: Offer): number {
  return offer.pools.reduce(
    (least, { poolId }) => Math.min(least, stock.pools.get(poolId) ?? 0),
    stock.tiers.get(offer.tierId) ?? 0,
  );
}

function take(stock: Stock, offer: Offer, quantity: number): void {
  stock.tiers.set(offer.tierId, (stock.tiers.get(offer.tierId) ?? 0) - quantity);
  for (const { poolId } of offer.pools) {
    stock.pools.set(poolId, (stock.pools.get(poolId) ?? 0) - quantity);
  }
}

/** The last line of the schema against overselling: what trips one has passed all that decides. */
export const oversellGuards = [
  'capacity_pools_never_oversold',
  'ticket_tiers_never_oversold',
] as const;
