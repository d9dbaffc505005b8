import type { CreateEventBody } from '@liventix/contracts/api/events';
import type { Credential } from '@liventix/domain/access/repository';
import { eventFault } from '@liventix/domain/events';
import { insertEvent, type NewEvent } from '@liventix/domain/events/repository';
import type { Database } from '@liventix/shared/db';
import { sqlStateOf, uniqueViolation } from '@liventix/shared/db/sqlstate';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

/** Makes a draft with its tiers and pools, and says who made it. Returns its id. */
export async function createEvent(
  deps: { readonly db: Database },
  credential: Credential,
  body: CreateEventBody,
): Promise<string> {
  const event = toNewEvent(body, credential.organizationId);
  const fault = eventFault(event);
  if (fault !== undefined) {
    throw new AppError(fault.code, { message: fault.message, retry: 'permanent' });
  }
  try {
    return await deps.db.inTransaction(async (tx) => {
      const eventId = await insertEvent(tx, event);
      await recordAct(tx, credential, {
        action: 'event.create',
        objectType: 'event',
        objectId: eventId,
      });
      return eventId;
    });
  } catch (error) {
    if (sqlStateOf(error) === uniqueViolation) {
      throw new AppError('event.slug_taken', {
        message: `Another event is called "${body.slug}". Choose another slug.`,
        retry: 'permanent',
        cause: error,
      });
    }
    throw error;
  }
}

function toNewEvent(body: CreateEventBody, organizationId: string): NewEvent {
  const at = (time: string | undefined) => (time === undefined ? null : new Date(time));
  return {
    organizationId,
    slug: body.slug,
    title: body.title,
    venue: body.venue,
    startsAt: new Date(body.starts_at),
    endsAt: new Date(body.ends_at),
    timezone: body.timezone,
    locale: body.locale,
    currency: body.currency,
    salesStartAt: at(body.sales_start_at),
    salesEndAt: at(body.sales_end_at),
    holdMinutes: body.hold_minutes,
    maxPerOrder: body.max_per_order,
    maxPerBuyer: body.max_per_buyer ?? null,
    tiers: body.tiers.map((tier) => ({
      name: tier.name,
      priceCents: tier.price_cents,
      capacity: tier.capacity,
      minPerOrder: tier.min_per_order,
      maxPerOrder: Math.max(tier.min_per_order, tier.max_per_order),
      salesStartAt: at(tier.sales_start_at),
      salesEndAt: at(tier.sales_end_at),
      isHidden: tier.hidden,
    })),
    pools: body.pools,
  };
}
