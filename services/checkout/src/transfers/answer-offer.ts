import type { Signer } from '@liventix/domain/credentials/signer';
import { oweTransferMail } from '@liventix/domain/emails/transfer-mail-repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { Ticket } from '@liventix/domain/tickets';
import { findTicket } from '@liventix/domain/tickets/repository';
import { holdingRefusal } from '@liventix/domain/transfers';
import {
  acceptTransfer,
  endTransfer,
  lockTransferTicket,
  type Transfer,
} from '@liventix/domain/transfers/repository';
import type { Database } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';
import { transferError } from '#transfers/transfer-errors';

/**
 * The recipient takes the ticket: it is theirs with this transaction, and every code and link of it from
 * before is dead. Races with a refund, a scan, a withdrawal and another acceptance are decided by the
 * locks of its order and of itself. Returns the ticket as it is now.
 */
export async function acceptOffer(
  deps: { readonly db: Database; readonly signer: Signer },
  accepted: { readonly transfer: Transfer; readonly name: string },
): Promise<Ticket> {
  const { transfer, name } = accepted;
  const { id: transferId, orderId, ticketId } = transfer;
  await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, orderId);
    const ticket = await lockTransferTicket(tx, ticketId);
    const refusal = ticket === undefined ? 'ticket_ended' : holdingRefusal(ticket);
    if (ticket === undefined || refusal !== undefined) {
      throw transferError(refusal ?? 'ticket_ended');
    }
    if (!(await acceptTransfer(tx, { transferId, ticket, name, signer: deps.signer }))) {
      throw notOpen();
    }
    await oweTransferMail(tx, { transferId, kind: 'ticket_received' });
    await oweTransferMail(tx, { transferId, kind: 'transfer_accepted' });
  });
  const ticket = await findTicket(deps.db.pool, ticketId);
  if (ticket === undefined) {
    throw new Error(`ticket ${ticketId} vanished, though tickets are never deleted`);
  }
  return ticket;
}

/** The recipient does not want it: it stays where it is. */
export async function declineOffer(
  deps: { readonly db: Database },
  transfer: Transfer,
): Promise<void> {
  const isDeclined = await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, transfer.orderId);
    await lockTransferTicket(tx, transfer.ticketId);
    return await endTransfer(tx, { transferId: transfer.id, as: 'declined' });
  });
  if (!isDeclined) {
    throw notOpen();
  }
}

function notOpen() {
  return refused('transfer.not_open', 'This offer was answered, taken back, or its time is over.');
}
