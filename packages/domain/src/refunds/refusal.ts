import { AppError } from '@liventix/shared/errors';
import type { RefundDecision } from './refund.ts';

/** Everything that a wish to refund may be answered with instead. */
export type RefundRefusal =
  | { readonly kind: 'not_paid' }
  /** It is paid and has no tickets yet: only all of it can be given back. */
  | { readonly kind: 'not_issued' }
  /** A bank has its money, or may take it: giving it back as well would pay twice. */
  | { readonly kind: 'disputed' }
  /** Nobody is left to own the wallet: the buyer's address was erased. */
  | { readonly kind: 'no_wallet' }
  | Exclude<RefundDecision, { kind: 'refund' }>;

/** Why nothing is refunded, as a person reads it. */
export function refusalOf(refusal: RefundRefusal, number: string): AppError {
  switch (refusal.kind) {
    case 'not_paid':
      return refused('order.not_paid', `Order ${number} has no tickets that were paid.`);
    case 'not_issued':
      return refused(
        'order.not_issued',
        `Order ${number} is paid and has no tickets yet: they can be issued, or all of its money given back.`,
      );
    case 'disputed':
      return refused(
        'order.disputed',
        `The bank disputes the payment of order ${number}: it cannot be given back as well.`,
      );
    case 'no_wallet':
      return refused(
        'wallet.not_found',
        `Order ${number} has no address any more that a wallet could belong to.`,
      );
    case 'ticket_unknown':
      return refused('ticket.not_found', `Order ${number} has no ticket ${refusal.ticketId}.`);
    case 'ticket_ended':
      return refused(
        'ticket.already_refunded',
        `Ticket ${refusal.ticketId} was refunded or taken back before.`,
        { ticket: refusal.ticketId },
      );
    case 'ticket_admitted':
      return refused(
        'ticket.admitted',
        `Ticket ${refusal.ticketId} was used at the door. Who refunds it all the same says so.`,
        { ticket: refusal.ticketId },
      );
    case 'more_than_left':
      return refused(
        'refund.more_than_left',
        `Of what was paid for order ${number} less is left than that.`,
        { left_cents: refusal.leftCents },
      );
    case 'not_chargeable':
      return refused('refund.amount_not_chargeable', 'Cards cannot be paid such an amount.', {
        step_cents: refusal.step,
      });
    case 'nothing_left':
      return refused('refund.nothing_left', `All of order ${number} was given back already.`);
    default:
      return refusal satisfies never;
  }
}

function refused(code: string, message: string, details?: Record<string, unknown>): AppError {
  return new AppError(code, { message, retry: 'permanent', ...(details && { details }) });
}
