import {
  findNotice,
  markNoticeDone,
  type Notice,
  type NoticePage,
  tellBuyers,
  tellHolders,
} from '@liventix/domain/notices/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';

/** People whom one transaction owes their mail. */
const pageMax = 500;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * Owes everybody of an event a mail about it, page by page: buyers, and who got a ticket from one. Each
 * page is a transaction and each mail is owed once, so whoever carries on finds what is done.
 */
export async function tellEverybody(
  deps: Pick<Deps, 'db' | 'log'>,
  messageId: string,
  noticeId: string,
): Promise<void> {
  const notice = await findNotice(deps.db.pool, noticeId);
  if (notice === undefined) {
    throw new AppError('notice.not_found', {
      message: `There is no notice ${noticeId} to tell anybody of.`,
      retry: 'permanent',
    });
  }
  for (const tell of notice.isDone ? [] : whomToTell(notice)) {
    await tellPages(deps, notice, tell);
  }
  await deps.db.inTransaction(async (tx) => {
    await markNoticeDone(tx, noticeId);
    await markMessageDone(tx, messageId);
  });
  deps.log.info({ noticeId, messageId, eventId: notice.eventId }, 'an event told its people');
}

type Tell = (tx: Transaction, page: NoticePage) => Promise<string | undefined>;

/** Buyers hear of a cancelled event with their money, and nobody of anything else about it. */
function whomToTell({ kind, isCancelled }: Notice): readonly Tell[] {
  if (kind === 'event_cancelled') {
    return [tellHolders];
  }
  return isCancelled ? [] : [tellBuyers, tellHolders];
}

async function tellPages(deps: Pick<Deps, 'db'>, notice: Notice, tell: Tell): Promise<void> {
  let after: string | undefined = beforeAll;
  while (after !== undefined) {
    const page: NoticePage = { notice, after, limit: pageMax };
    after = await deps.db.inTransaction(async (tx) => await tell(tx, page));
  }
}
