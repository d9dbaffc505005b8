import type { AvailabilityView } from '@liventix/contracts/api/events';
import { availabilityOf } from '@liventix/domain/events/availability';
import { findStock } from '@liventix/domain/events/availability-repository';
import type { Database } from '@liventix/shared/db';

/** What is left of an event; undefined of one that buyers do not know of. */
export async function readAvailability(
  deps: { readonly db: Pick<Database, 'pool'> },
  slug: string,
): Promise<AvailabilityView | undefined> {
  const stock = await findStock(deps.db.pool, slug);
  const availability = stock === undefined ? undefined : availabilityOf(stock);
  return availability === undefined
    ? undefined
    : {
        event: availability.slug,
        status: availability.status,
        as_of: availability.asOf.toISOString(),
        tiers: availability.tiers.map((tier) => ({
          id: tier.tierId,
          available: tier.available,
          on_sale: tier.isOnSale,
        })),
      };
}
