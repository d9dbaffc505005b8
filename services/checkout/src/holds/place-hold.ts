import { getEvent } from '@liventix/domain/events/repository';
import type { Hold } from '@liventix/domain/inventory';
import { findHold } from '@liventix/domain/inventory/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import type { EventIds } from '#events/event-ids';
import type { HoldDesk, HoldRequest } from '#holds/hold-desk';
import { basketError, eventUnknown } from '#holds/hold-errors';

export interface PlaceHoldDeps {
  readonly db: Database;
  readonly eventIds: EventIds;
  readonly holdDesk: HoldDesk;
}

export interface PlacedHold {
  readonly hold: Hold;
  readonly currency: string;
  /** Not the hold that the same key made before. */
  readonly isNew: boolean;
}

/**
 * Takes capacity for a basket, all or nothing. The same key and body return the same hold. Who asks
 * for the same event at the same time is served by one transaction: see hold-desk.ts.
 */
export async function placeHold(
  deps: PlaceHoldDeps,
  request: HoldRequest,
  isGone: () => boolean = () => false,
): Promise<PlacedHold> {
  const slug = request.body.event;
  const eventId = await deps.eventIds.find(slug);
  if (eventId === undefined) {
    throw eventUnknown(slug);
  }
  const answer = await deps.holdDesk.submit(eventId, request, { isGone });
  switch (answer.kind) {
    case 'placed':
      return { hold: answer.hold, currency: answer.currency, isNew: true };
    case 'known':
      return await readHold(deps, answer.holdId);
    case 'key_reused':
      throw keyReused();
    case 'refused':
      throw basketError(answer.refusal, request.body);
    case 'unpublished':
      throw eventUnknown(slug);
    default:
      return answer satisfies never;
  }
}

async function readHold(deps: PlaceHoldDeps, holdId: string): Promise<PlacedHold> {
  const hold = await findHold(deps.db.pool, holdId);
  if (hold === undefined) {
    throw new Error(`hold ${holdId} vanished, though holds are never deleted`);
  }
  const { currency } = await getEvent(deps.db.pool, hold.eventId);
  return { hold, currency, isNew: false };
}

function keyReused(): AppError {
  return new AppError('idempotency.key_reused', {
    message: 'This Idempotency-Key came with another basket before. Use a new key.',
    retry: 'permanent',
  });
}
