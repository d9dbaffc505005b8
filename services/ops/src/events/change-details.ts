import type { Credential } from '@liventix/domain/access/repository';
import { setEventDetails, setReminder } from '@liventix/domain/events/sale-repository';
import { type EventDetails, whatChanged } from '@liventix/domain/notices';
import { insertChangeNotice } from '@liventix/domain/notices/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

/**
 * Changes what an event is, where and when, and has everybody told who has a ticket. Repeating changes
 * nothing and tells nobody.
 */
export async function changeDetails(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly eventId: string; readonly details: EventDetails; readonly notify: boolean },
): Promise<void> {
  const { eventId, details, notify } = change;
  if (details.endsAt <= details.startsAt) {
    throw new AppError('event.times_invalid', {
      message: 'ends_at must lie after starts_at.',
      retry: 'permanent',
    });
  }
  await deps.db.inTransaction(async (tx) => {
    const was = await setEventDetails(tx, { eventId, ...details });
    if (was === undefined) {
      throw new AppError('event.state_conflict', {
        message: 'A cancelled event stays as it was.',
        retry: 'permanent',
      });
    }
    const before = whatChanged(was, details);
    if (notify && Object.keys(before).length > 0) {
      const noticeId = await insertChangeNotice(tx, { eventId, facts: { before } });
      await enqueue(tx, 'event.tell', { noticeId });
    }
    await recordAct(tx, credential, {
      action: 'event.details',
      objectType: 'event',
      objectId: eventId,
      facts: { changed: Object.keys(before), notify },
    });
  });
}

/** Changes how long before the beginning people are reminded. */
export async function changeReminder(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly eventId: string; readonly hoursBefore: number | null },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await setReminder(tx, change);
    await recordAct(tx, credential, {
      action: 'event.reminder',
      objectType: 'event',
      objectId: change.eventId,
      facts: { hoursBefore: change.hoursBefore },
    });
  });
}
