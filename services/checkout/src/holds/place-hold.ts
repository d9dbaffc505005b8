import type { PlaceHoldBody } from '@liventix/contracts/api/holds';
import { findEventBySlug } from '@liventix/domain/events/repository';
import { type BasketRefusal, decideBasket, type Hold } from '@liventix/domain/inventory';
import {
  findHold,
  findHoldByKey,
  insertHold,
  lockInventory,
  readOffers,
} from '@liventix/domain/inventory/repository';
import type { Database } from '@liventix/shared/db';
import { sqlStateOf, uniqueViolation } from '@liventix/shared/db/sqlstate';
import { AppError } from '@liventix/shared/errors';
import { basketError } from '#holds/hold-errors';

export interface PlaceHoldDeps {
  readonly db: Database;
}

export interface PlaceHoldRequest {
  readonly body: PlaceHoldBody;
  readonly idempotencyKey: string;
  readonly requestHash: string;
}

/** Takes capacity for a basket, all or nothing. The same key and body return the same hold. */
export async function placeHold(deps: PlaceHoldDeps, request: PlaceHoldRequest): Promise<Hold> {
  const known = await replay(deps, request);
  if (known !== undefined) {
    return known;
  }
  try {
    const outcome = await takeSeats(deps, request);
    if (typeof outcome !== 'string') {
      throw basketError(outcome, request.body);
    }
    return await getHold(deps, outcome);
  } catch (error) {
    if (sqlStateOf(error) === uniqueViolation) {
      // The same key at the same moment: the other request won, and its hold is the answer.
      const twin = await replay(deps, request);
      if (twin !== undefined) {
        return twin;
      }
    }
    throw error;
  }
}

async function takeSeats(
  deps: PlaceHoldDeps,
  request: PlaceHoldRequest,
): Promise<string | BasketRefusal> {
  const event = await findEventBySlug(deps.db.pool, request.body.event);
  if (event === undefined || event.status === 'draft') {
    throw new AppError('event.not_found', {
      message: `There is no event "${request.body.event}".`,
      retry: 'permanent',
    });
  }
  const basket = request.body.items.map(({ tier, quantity }) => ({ tierId: tier, quantity }));
  const tierIds = basket.map((item) => item.tierId);
  return await deps.db.inTransaction(async (tx) => {
    await lockInventory(tx, tierIds);
    const offers = await readOffers(tx, event.id, tierIds);
    const decision = decideBasket({ basket, event, offers });
    if (decision.kind === 'refuse') {
      return decision.refusal;
    }
    return await insertHold(tx, {
      organizationId: event.organizationId,
      eventId: event.id,
      items: decision.items,
      minutes: event.holdMinutes,
      idempotency: { key: request.idempotencyKey, requestHash: request.requestHash },
    });
  });
}

async function replay(deps: PlaceHoldDeps, request: PlaceHoldRequest): Promise<Hold | undefined> {
  const known = await findHoldByKey(deps.db.pool, request.idempotencyKey);
  if (known === undefined) {
    return undefined;
  }
  if (known.requestHash !== request.requestHash) {
    throw new AppError('idempotency.key_reused', {
      message: 'This Idempotency-Key came with another basket before. Use a new key.',
      retry: 'permanent',
    });
  }
  return await getHold(deps, known.holdId);
}

async function getHold(deps: PlaceHoldDeps, holdId: string): Promise<Hold> {
  const hold = await findHold(deps.db.pool, holdId);
  if (hold === undefined) {
    throw new Error(`hold ${holdId} vanished, though holds are never deleted`);
  }
  return hold;
}
