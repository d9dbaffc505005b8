import { markStripeEventProcessed } from '@liventix/domain/inbox/repository';
import { pinHold, unpinHold } from '@liventix/domain/inventory/repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import {
  closeAttempt,
  findAttemptOfSession,
  markAttemptCompleted,
} from '@liventix/domain/payments/attempt-repository';
import type { SessionFact } from '@liventix/domain/payments/session';
import type { Transaction } from '@liventix/shared/db';

export interface UnpaidSession {
  readonly orderId: string;
  readonly sessionId: string;
  readonly eventId: string | undefined;
  readonly attemptId: string | undefined;
  readonly kind: Exclude<SessionFact['kind'], 'paid'>;
}

/**
 * A session without money. Complete but unpaid pins the hold until the money comes or fails. An
 * expired one closes its attempt, and never a hold whose own deadline is later.
 */
export async function recordUnpaidSession(
  tx: Transaction,
  session: UnpaidSession,
): Promise<UnpaidSession['kind']> {
  const order = await lockOrder(tx, session.orderId);
  if (session.eventId !== undefined) {
    await markStripeEventProcessed(tx, session.eventId);
  }
  const attempt = await findAttemptOfSession(tx, session);
  const isOpen = attempt?.state === 'creating' || attempt?.state === 'open';
  if (order === undefined || attempt === undefined || !(isOpen || attempt.state === 'completed')) {
    return session.kind;
  }
  switch (session.kind) {
    case 'open':
      break;
    case 'processing':
      if (isOpen && order.status === 'pending') {
        await pinHold(tx, order.holdId);
        await markAttemptCompleted(tx, { attemptId: attempt.id, sessionId: session.sessionId });
      }
      break;
    case 'failed':
      await closeAttempt(tx, { attemptId: attempt.id, as: 'failed', sessionId: session.sessionId });
      await unpinHold(tx, order.holdId);
      break;
    case 'expired':
      await closeAttempt(tx, {
        attemptId: attempt.id,
        as: 'expired',
        sessionId: session.sessionId,
      });
      break;
    default:
      session.kind satisfies never;
  }
  return session.kind;
}
