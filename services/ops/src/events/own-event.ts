import type { Credential } from '@liventix/domain/access/repository';
import { findEvent, type SoldEvent } from '@liventix/domain/events/repository';
import type { Database } from '@liventix/shared/db';
import { z } from 'zod';
import { notFound } from '#access/not-found';

/** Another organization's event is as unknown as one that does not exist. */
export async function ownEvent(
  deps: { readonly db: Database },
  credential: Credential,
  eventId: string | undefined,
): Promise<SoldEvent> {
  const isId = z.uuid().safeParse(eventId).success;
  const event = isId && eventId !== undefined ? await findEvent(deps.db.pool, eventId) : undefined;
  if (event === undefined || event.organizationId !== credential.organizationId) {
    throw notFound('event');
  }
  return event;
}
