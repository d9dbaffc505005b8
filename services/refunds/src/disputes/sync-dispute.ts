import type { JobPayload } from '@liventix/contracts/jobs';
import { markStripeEventProcessed } from '@liventix/domain/inbox/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import type { Deps } from '#deps';
import { applyDispute } from '#disputes/apply-dispute';

/**
 * Makes tickets, books and alerts agree with a dispute, which is read as it stands now: what an
 * event says of it may be old, and events come in any order.
 */
export async function syncDispute(
  deps: Deps,
  messageId: string,
  cause: JobPayload<'dispute.sync'>,
): Promise<void> {
  const { disputeId, eventId } = cause;
  const found = await deps.stripe.readDispute(disputeId);
  const outcome = await deps.db.inTransaction(async (tx) => {
    await markMessageDone(tx, messageId);
    if (eventId !== undefined) {
      await markStripeEventProcessed(tx, eventId);
    }
    return await applyDispute(tx, found);
  });
  deps.log.info({ disputeId, messageId, outcome, status: found.status }, 'dispute read');
}
