import { insertDueReminders } from '@liventix/domain/notices/repository';
import { enqueueAll } from '@liventix/domain/outbox/repository';
import type { Database } from '@liventix/shared/db';
import type { Log } from '@liventix/shared/telemetry/logger';

/** Events one run has told: the next is a minute later. */
const dueMax = 500;

/** Has everybody of an event that is soon reminded, once for each time that it is to begin. */
export async function oweReminders(deps: {
  readonly db: Database;
  readonly log: Log;
}): Promise<void> {
  const noticeIds = await deps.db.inTransaction(async (tx) => {
    const due = await insertDueReminders(tx, dueMax);
    await enqueueAll(
      tx,
      due.map((noticeId) => ({
        name: 'event.tell' as const,
        payload: { noticeId },
        trace: undefined,
      })),
    );
    return due;
  });
  if (noticeIds.length > 0) {
    deps.log.info({ noticeIds }, 'people of events are reminded');
  }
}
