import { randomUUIDv7 } from 'node:crypto';
import type { Signer } from '@liventix/domain/credentials/signer';
import { insertEmail } from '@liventix/domain/emails/repository';
import { lockHold } from '@liventix/domain/inventory/repository';
import type { Order } from '@liventix/domain/orders';
import { lockOrder, markOrderFulfilled } from '@liventix/domain/orders/repository';
import { enqueue, markMessageDone } from '@liventix/domain/outbox/repository';
import { beginIssuing, insertTickets } from '@liventix/domain/tickets/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import type { Log } from '@liventix/shared/telemetry/logger';

/** Issues what a paid order still lacks. Harmless for any other order, and any number of times. */
export async function ensureTickets(
  deps: { readonly db: Database; readonly log: Log; readonly signer: Signer },
  messageId: string,
  orderId: string,
): Promise<void> {
  const outcome = await deps.db.inTransaction(async (tx) => {
    await markMessageDone(tx, messageId);
    return await fulfilOrder(tx, orderId, deps.signer);
  });
  deps.log.info({ orderId, messageId, outcome }, 'tickets ensured');
}

/**
 * Phase two of settling, in the caller's transaction: the hold becomes tickets and the mail is
 * owed. Locks in the one order: order, hold, serial counter, then the tiers through the triggers.
 */
export async function fulfilOrder(
  tx: Transaction,
  orderId: string,
  signer: Signer,
): Promise<'issued' | 'already_issued' | 'not_paid'> {
  const order = await lockOrder(tx, orderId);
  if (order?.status !== 'paid') {
    return order?.status === 'fulfilled' ? 'already_issued' : 'not_paid';
  }
  await lockHold(tx, order.holdId);
  const { refundedIntent, isEventCancelled } = await markOrderFulfilled(tx, orderId);
  if (refundedIntent !== null) {
    await enqueue(tx, 'refund.sync', { paymentIntentId: refundedIntent });
  }
  if (isEventCancelled) {
    await enqueue(tx, 'event.refund_all', { eventId: order.eventId });
  } else {
    // Codes of tickets that are about to end would only mislead.
    await oweConfirmation(tx, order);
  }
  const count = order.items.reduce((sum, item) => sum + item.quantity, 0);
  const { eventId, holdId } = order;
  const ids = Array.from({ length: count }, () => randomUUIDv7());
  const unsigned = ids.map((id) => ({ id, version: 1 }));
  const signed = await signer.sign(tx, eventId, unsigned);
  // The counter and the tiers are locked last: every order of the event waits for them until our
  // commit, so nothing that could stand before them stands behind.
  const firstSerial = await beginIssuing(tx, { eventId, holdId, count });
  await insertTickets(tx, { orderId, firstSerial, ids, signed });
  return 'issued';
}

async function oweConfirmation(tx: Transaction, order: Order): Promise<void> {
  if (order.buyerEmail === null) {
    return;
  }
  const emailId = await insertEmail(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    kind: 'order_confirmation',
    dedupeKey: `order_confirmation/${order.id}`,
    recipient: order.buyerEmail,
  });
  if (emailId !== undefined) {
    await enqueue(tx, 'email.send', { emailId });
  }
}
