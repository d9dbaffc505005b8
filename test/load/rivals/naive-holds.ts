import { randomUUIDv7 } from 'node:crypto';
import type { HoldView, PlaceHoldBody } from '@liventix/contracts/api/holds';
import { findEventBySlug } from '@liventix/domain/events/repository';
import { decideBaskets } from '@liventix/domain/inventory';
import {
  findHoldsByKeys,
  insertHolds,
  lockInventory,
  readOffers,
} from '@liventix/domain/inventory/repository';
import { connectDatabase } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';

export interface NaiveRequest {
  readonly body: PlaceHoldBody;
  readonly key: string;
  readonly hash: string;
}

export interface NaiveShop {
  placeHold(request: NaiveRequest): Promise<HoldView>;
}

/** Sixteen connections: with more, the row lock's queue only grows longer. */
const poolMax = 16;

/** The way a hold is placed without a queue before the lock: one transaction a request. */
export function connectNaive(databaseUrl: string): NaiveShop {
  const db = connectDatabase({ url: databaseUrl, poolMax });
  return {
    placeHold: async ({ body, key, hash }) => {
      const event = await findEventBySlug(db.pool, body.event);
      if (event === undefined || (await findHoldsByKeys(db.pool, [key])).size > 0) {
        throw new Error('the bench sends each key once, to an event that exists');
      }
      const id = randomUUIDv7();
      const deadline = new Date(Date.now() + event.holdMinutes * 60_000);
      const items = await db.inTransaction(async (tx) => {
        const basket = body.items.map(({ tier, quantity }) => ({ tierId: tier, quantity }));
        const tierIds = basket.map((item) => item.tierId);
        await lockInventory(tx, event.id, tierIds);
        const offers = await readOffers(tx, event.id, tierIds);
        const [decision] = decideBaskets({ baskets: [basket], event, offers });
        if (decision?.kind !== 'hold') {
          throw new AppError('inventory.sold_out', {
            message: 'Nothing left.',
            retry: 'permanent',
          });
        }
        const idempotency = { key, requestHash: hash };
        await insertHolds(tx, event, [{ id, items: decision.items, deadline, idempotency }]);
        return decision.items;
      });
      return {
        id,
        token: '',
        status: 'active',
        items: items.map((item) => ({
          tier: item.tierId,
          name: item.tierName,
          quantity: item.quantity,
          unit_price_cents: item.unitPriceCents,
        })),
        currency: event.currency,
        subtotal_cents: 0,
        expires_at: deadline.toISOString(),
        server_time: new Date().toISOString(),
      };
    },
  };
}
