import { buyerKey } from '@liventix/domain/buyers';
import { oweTransferMail } from '@liventix/domain/emails/transfer-mail-repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { Ticket } from '@liventix/domain/tickets';
import { transferRefusal } from '@liventix/domain/transfers';
import {
  endTransfer,
  findTransfer,
  findTransferTerms,
  insertTransfer,
  lockTransferTicket,
} from '@liventix/domain/transfers/repository';
import type { Database } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';
import { transferError } from '#transfers/transfer-errors';

/**
 * Offers a ticket to an address, which hears of it by mail. The same key and address are the same offer.
 * Until it is accepted nothing changes at the door. Returns its id.
 */
export async function offerTicket(
  deps: { readonly db: Database },
  offer: {
    readonly ticket: Ticket;
    readonly to: string;
    readonly idempotency: { readonly key: string; readonly requestHash: string };
  },
): Promise<string> {
  const { ticket, to, idempotency } = offer;
  return await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, ticket.orderId);
    const locked = await lockTransferTicket(tx, ticket.id);
    const known = await findTransfer(tx, { idempotencyKey: idempotency.key });
    if (known !== undefined) {
      if (known.requestHash !== idempotency.requestHash) {
        throw refused('idempotency.key_reused', 'This key came with another offer before.');
      }
      return known.id;
    }
    // Passed on meanwhile: this token opens it no more.
    if (locked === undefined || locked.tokenVersion !== ticket.tokenVersion) {
      throw refused('ticket.not_found', 'There is no such ticket.');
    }
    const terms = await findTransferTerms(tx, ticket.eventId);
    const refusal = transferRefusal(locked, { terms, recipientKey: buyerKey(to) });
    if (refusal !== undefined) {
      throw transferError(refusal);
    }
    const { until } = terms;
    const transferId = await insertTransfer(tx, {
      ticket: locked,
      toEmail: to,
      until,
      idempotency,
    });
    await oweTransferMail(tx, { transferId, kind: 'transfer_offered' });
    return transferId;
  });
}

/** Takes back an offer that stands. Returns its id; repeating finds nothing to take back. */
export async function withdrawOffer(
  deps: { readonly db: Database },
  ticket: Ticket,
): Promise<string> {
  return await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, ticket.orderId);
    const locked = await lockTransferTicket(tx, ticket.id);
    const transferId = locked?.tokenVersion === ticket.tokenVersion ? locked.openId : null;
    if (transferId === null || !(await endTransfer(tx, { transferId, as: 'withdrawn' }))) {
      throw refused('transfer.not_open', 'This ticket is not on offer.');
    }
    return transferId;
  });
}
