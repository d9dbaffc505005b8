import type { TransferRefusal } from '@liventix/domain/transfers';
import type { AppError } from '@liventix/shared/errors';
import { refused } from '#holds/hold-errors';

const told: Readonly<Record<TransferRefusal, readonly [code: string, message: string]>> = {
  not_allowed: ['transfer.not_allowed', 'Tickets of this event stay with who bought them.'],
  too_late: ['transfer.too_late', 'The time to pass tickets of this event on is over.'],
  too_often: ['transfer.too_often', 'This ticket changed hands as often as it may.'],
  to_oneself: ['transfer.to_oneself', 'This ticket is theirs already.'],
  already_offered: ['transfer.already_offered', 'This ticket is on offer: take that back first.'],
  ticket_ended: ['transfer.ticket_ended', 'This ticket was given back and is nobody’s any more.'],
  ticket_suspended: ['transfer.ticket_ended', 'The payment of this ticket is disputed.'],
  ticket_admitted: ['ticket.admitted', 'Somebody came in with this ticket.'],
};

/** Why a ticket cannot change hands, as a person reads it. */
export function transferError(refusal: TransferRefusal): AppError {
  return refused(...told[refusal]);
}
