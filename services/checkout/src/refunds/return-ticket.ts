import { lockOrder } from '@liventix/domain/orders/repository';
import type { RefundWish } from '@liventix/domain/refunds';
import { refusalOf } from '@liventix/domain/refunds/refusal';
import { findRefundByKey, sumOfRequest } from '@liventix/domain/refunds/repository';
import { requestRefund } from '@liventix/domain/refunds/request-repository';
import type { Ticket } from '@liventix/domain/tickets';
import type { TransferTerms } from '@liventix/domain/transfers';
import { findTransferTerms } from '@liventix/domain/transfers/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';
import { readTicket } from '#tickets/get-ticket';

/** Face value: nothing is kept. */
const nothingKept = { keptPercent: 0, keptCentsPerTicket: 0 } as const;

/**
 * Whoever holds a ticket gives it back, where the event allows it: it is dead at the door and its seat on
 * sale with this transaction, and what it cost goes to who paid for it, who may be somebody else. The
 * same key is the same return. Returns what it cost, in minor units of the order's currency.
 */
export async function returnTicket(
  deps: { readonly db: Database },
  asked: {
    readonly ticket: Ticket;
    readonly idempotency: { readonly key: string; readonly requestHash: string };
  },
): Promise<{ readonly amountCents: number; readonly currency: string }> {
  const { ticket, idempotency } = asked;
  return await deps.db.inTransaction(async (tx) => {
    const order = await lockOrder(tx, ticket.orderId);
    if (order === undefined) {
      throw refused('ticket.not_found', 'There is no such ticket.');
    }
    const { currency } = order;
    const known = await knownReturn(tx, idempotency);
    if (known !== undefined) {
      return { amountCents: known, currency };
    }
    // Under the order's lock nobody accepts it: the token still opens it, or no more.
    await readTicket(tx, { id: ticket.id, version: ticket.tokenVersion });
    refuseBy(await findTransferTerms(tx, ticket.eventId));
    const wish: RefundWish = { kind: 'buyer', ticketIds: [ticket.id], policy: nothingKept };
    const reason = 'The holder gave the ticket back.';
    const requested = await requestRefund(tx, { order, wish, reason, idempotency });
    if (requested.kind !== 'requested') {
      throw refusalOf(requested, order.number);
    }
    return { amountCents: await sumOfRequest(tx, requested.refundId), currency };
  });
}

async function knownReturn(
  tx: Transaction,
  { key, requestHash }: { readonly key: string; readonly requestHash: string },
): Promise<number | undefined> {
  const known = await findRefundByKey(tx, key);
  if (known === undefined) {
    return undefined;
  }
  if (known.requestHash !== requestHash) {
    throw refused('idempotency.key_reused', 'This key came with another request before.');
  }
  return await sumOfRequest(tx, known.id);
}

function refuseBy({ policy, isOver }: TransferTerms): void {
  if (!policy.returnsAllowed) {
    throw refused(
      'refund.not_allowed',
      'The organizer takes no tickets of this event back from who holds them. Write to them.',
    );
  }
  if (isOver) {
    throw refused('refund.too_late', 'The time to give tickets of this event back is over.');
  }
}
