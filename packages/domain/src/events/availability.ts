import { type EventStatus, saleWindow } from './event.ts';

interface Window {
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
}

/** What an availability is made of, as it stood at one moment. */
export interface Stock extends Window {
  readonly slug: string;
  readonly status: EventStatus;
  readonly endsAt: Date;
  readonly asOf: Date;
  readonly tiers: readonly (Window & {
    readonly tierId: string;
    readonly closedAt: Date | null;
    /** Neither shown nor sold without an access code. */
    readonly isHidden: boolean;
    readonly available: number;
  })[];
}

export interface Availability {
  readonly slug: string;
  readonly status: Exclude<EventStatus, 'draft'>;
  readonly asOf: Date;
  readonly tiers: readonly {
    readonly tierId: string;
    readonly available: number;
    readonly isOnSale: boolean;
  }[];
}

/**
 * What buyers may know of what is left: nothing of a draft, and nothing of hidden tiers, since one
 * answer goes to all. Seats of a closed or cancelled event are still counted, but nobody can buy
 * them.
 */
export function availabilityOf(stock: Stock): Availability | undefined {
  const { slug, status, asOf } = stock;
  if (status === 'draft') {
    return undefined;
  }
  const tiers = stock.tiers
    .filter((tier) => !tier.isHidden)
    .map((tier) => ({
      tierId: tier.tierId,
      available: tier.available,
      isOnSale: saleWindow(stock, tier, asOf) === 'open',
    }));
  return { slug, status, asOf, tiers };
}
