import { chargeStep } from '#payments/charge-step';

export type EventStatus = 'draft' | 'on_sale' | 'closed' | 'cancelled';

export type SaleWindow = 'open' | 'not_on_sale' | 'not_started' | 'ended' | 'tier_closed';

interface Window {
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
}

/** Whether a tier can be bought now. Nothing is sold past the end of the event itself. */
export function saleWindow(
  event: Window & { readonly status: EventStatus; readonly endsAt: Date },
  tier: Window & { readonly closedAt: Date | null },
  now: Date,
): SaleWindow {
  if (event.status !== 'on_sale') {
    return 'not_on_sale';
  }
  if (event.salesStartAt !== null && now < event.salesStartAt) {
    return 'not_started';
  }
  if (now >= event.endsAt || (event.salesEndAt !== null && now >= event.salesEndAt)) {
    return 'ended';
  }
  const isBefore = tier.salesStartAt !== null && now < tier.salesStartAt;
  const isAfter = tier.salesEndAt !== null && now >= tier.salesEndAt;
  return tier.closedAt !== null || isBefore || isAfter ? 'tier_closed' : 'open';
}

export type EventFault =
  | { readonly code: 'event.times_invalid'; readonly message: string }
  | { readonly code: 'event.timezone_unknown'; readonly message: string }
  | { readonly code: 'event.price_not_chargeable'; readonly message: string }
  | { readonly code: 'event.tier_repeated'; readonly message: string }
  | { readonly code: 'event.pool_tier_unknown'; readonly message: string };

/** What a new event contradicts itself in, if anything. */
export function eventFault(event: {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
  readonly timezone: string;
  readonly currency: string;
  readonly tiers: readonly { readonly name: string; readonly priceCents: number }[];
  readonly pools: readonly { readonly name: string; readonly tiers: readonly string[] }[];
}): EventFault | undefined {
  if (event.endsAt <= event.startsAt) {
    return { code: 'event.times_invalid', message: 'ends_at must lie after starts_at.' };
  }
  const { salesStartAt: opens, salesEndAt: closes } = event;
  if (opens !== null && closes !== null && closes <= opens) {
    return { code: 'event.times_invalid', message: 'sales_end_at must lie after sales_start_at.' };
  }
  if (!isTimezone(event.timezone)) {
    return { code: 'event.timezone_unknown', message: `"${event.timezone}" is no IANA timezone.` };
  }
  return namesFault(event) ?? priceFault(event);
}

function namesFault(event: Parameters<typeof eventFault>[0]): EventFault | undefined {
  const tiers = new Set(event.tiers.map((tier) => tier.name));
  const pools = new Set(event.pools.map((pool) => pool.name));
  if (tiers.size < event.tiers.length || pools.size < event.pools.length) {
    return { code: 'event.tier_repeated', message: 'Give each tier and each pool its own name.' };
  }
  for (const pool of event.pools) {
    const unknown = pool.tiers.find((name) => !tiers.has(name));
    if (unknown !== undefined || new Set(pool.tiers).size < pool.tiers.length) {
      const message = `The pool "${pool.name}" must name existing tiers, each once.`;
      return { code: 'event.pool_tier_unknown', message };
    }
  }
  return undefined;
}

function priceFault(event: Parameters<typeof eventFault>[0]): EventFault | undefined {
  const step = chargeStep(event.currency);
  const odd = event.tiers.find((tier) => tier.priceCents % step !== 0);
  if (odd === undefined) {
    return undefined;
  }
  const message = `Cards pay ${event.currency} in steps of ${step}: the price of "${odd.name}" is no multiple of it.`;
  return { code: 'event.price_not_chargeable', message };
}

function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
