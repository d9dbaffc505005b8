import { randomUUIDv7 } from 'node:crypto';
import type { ComplimentaryBody } from '@liventix/contracts/api/complimentary';
import type { Credential } from '@liventix/domain/access/repository';
import { buyerKey } from '@liventix/domain/buyers';
import { getEvent, type SoldEvent } from '@liventix/domain/events/repository';
import {
  insertHolds,
  lockInventory,
  markHoldOrdered,
  readOffers,
} from '@liventix/domain/inventory/repository';
import {
  findOrderByKey,
  markComplimentary,
} from '@liventix/domain/orders/complimentary-repository';
import { setHolders } from '@liventix/domain/orders/holders-repository';
import { insertOrder, markOrderPaid } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { insertFreePayment } from '@liventix/domain/payments/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { recordAct } from '#access/audit';

interface Gift {
  readonly event: SoldEvent;
  readonly body: ComplimentaryBody;
  readonly key: string;
}

/**
 * Gives tickets of one tier away: they take capacity like sold ones and stand in the books at zero.
 * Windows, limits and hidden tiers are the buyers'; what is sold out is sold out for everybody. The same
 * key and body are the same order. Ticketing issues them; returns the order's id.
 */
export async function giveTickets(
  deps: { readonly db: Database },
  credential: Credential,
  gift: Gift,
): Promise<string> {
  const hash = requestHash({ event: gift.event.id, ...gift.body });
  return await deps.db.inTransaction(async (tx) => {
    await lockInventory(tx, gift.event.id, [gift.body.tier]);
    const known = await findOrderByKey(tx, gift.key);
    if (known !== undefined) {
      if (known.requestHash !== hash) {
        throw refused('idempotency.key_reused', 'This key came with another request before.');
      }
      return known.orderId;
    }
    await refuseUnlessThere(tx, gift);
    const orderId = await placeOrder(tx, gift, hash);
    await recordAct(tx, credential, {
      action: 'order.give',
      objectType: 'order',
      objectId: orderId,
      facts: { tier: gift.body.tier, quantity: gift.body.quantity },
    });
    return orderId;
  });
}

async function refuseUnlessThere(tx: Transaction, { event: { id }, body }: Gift): Promise<void> {
  const event = await getEvent(tx, id);
  if (event.status === 'cancelled' || event.endsAt.getTime() < Date.now()) {
    throw refused('event.state_conflict', 'Nobody can be invited to a cancelled or ended event.');
  }
  const [offer] = await readOffers(tx, id, [body.tier]);
  if (offer === undefined) {
    throw refused('tier.not_found', 'The event has no such tier.');
  }
  if (offer.available < body.quantity) {
    throw new AppError('inventory.sold_out', {
      message: `${offer.available} are left of this tier. Raise its capacity, or give fewer away.`,
      retry: 'permanent',
      details: { left: [{ tier: body.tier, available: offer.available }] },
    });
  }
}

/** Hold, order and its free payment at once: phase one of settling is done with that. */
async function placeOrder(tx: Transaction, gift: Gift, hash: string): Promise<string> {
  const { event, body, key } = gift;
  const holdId = randomUUIDv7();
  const items = [{ tierId: body.tier, tierName: '', quantity: body.quantity, unitPriceCents: 0 }];
  await insertHolds(tx, event, [{ id: holdId, items, deadline: 'pinned' }]);
  const orderId = await insertOrder(tx, {
    organizationId: event.organizationId,
    eventId: event.id,
    holdId,
    locale: event.locale,
    currency: event.currency,
    buyer: { ...body.buyer, key: buyerKey(body.buyer.email) },
    checkout: { key, hash },
  });
  await markHoldOrdered(tx, holdId, orderId);
  await markComplimentary(tx, { orderId, reason: body.reason });
  const named = body.holders.length === 0 ? [] : [{ tierId: body.tier, names: body.holders }];
  if (!(await setHolders(tx, { orderId, named }))) {
    throw refused('order.holders_do_not_fit', 'More people are named than there are tickets.');
  }
  await markOrderPaid(tx, { orderId, holdId });
  const { organizationId, currency } = event;
  await insertFreePayment(tx, { organizationId, orderId, currency });
  await enqueue(tx, 'tickets.ensure', { orderId });
  return orderId;
}

function refused(code: string, message: string): AppError {
  return new AppError(code, { message, retry: 'permanent' });
}
