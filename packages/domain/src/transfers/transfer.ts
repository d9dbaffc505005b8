import type { TicketStatus } from '#tickets/ticket';

/** What an event allows of passing tickets on. */
export interface TransferPolicy {
  readonly allowed: boolean;
  /** Until so many hours before it begins. */
  readonly untilHoursBeforeStart: number;
  /** How often one ticket may change hands. */
  readonly maxPerTicket: number;
  /** Whether who holds a ticket may give it back at face value, until then, too. */
  readonly returnsAllowed: boolean;
}

export type TransferState = 'offered' | 'accepted' | 'declined' | 'withdrawn' | 'lapsed';

/** A ticket as passing it on sees it, under its lock. */
export interface TransferableTicket {
  readonly status: TicketStatus;
  readonly isAdmitted: boolean;
  /** Whom its holder's address reaches. */
  readonly holderKey: string | null;
  /** Times it changed hands before. */
  readonly transfers: number;
  readonly hasOpenOffer: boolean;
}

export interface TransferTerms {
  readonly policy: TransferPolicy;
  /** The deadline has passed, or the event is over or cancelled. */
  readonly isOver: boolean;
}

export type TransferRefusal =
  | 'not_allowed'
  | 'too_late'
  | 'ticket_ended'
  | 'ticket_suspended'
  | 'ticket_admitted'
  | 'too_often'
  | 'to_oneself'
  | 'already_offered';

/** Why a ticket cannot be passed on to somebody; undefined when it can. */
export function transferRefusal(
  ticket: TransferableTicket,
  to: { readonly terms: TransferTerms; readonly recipientKey: string },
): TransferRefusal | undefined {
  const { terms, recipientKey } = to;
  if (!terms.policy.allowed) {
    return 'not_allowed';
  }
  if (terms.isOver) {
    return 'too_late';
  }
  if (ticket.hasOpenOffer) {
    return 'already_offered';
  }
  if (recipientKey === ticket.holderKey) {
    return 'to_oneself';
  }
  if (ticket.transfers >= terms.policy.maxPerTicket) {
    return 'too_often';
  }
  return holdingRefusal(ticket);
}

/** What also stops an offer from being accepted that was good when it was made. */
export function holdingRefusal(
  ticket: Pick<TransferableTicket, 'status' | 'isAdmitted'>,
): Extract<TransferRefusal, `ticket_${string}`> | undefined {
  if (ticket.status === 'suspended') {
    return 'ticket_suspended';
  }
  if (ticket.status !== 'valid') {
    return 'ticket_ended';
  }
  return ticket.isAdmitted ? 'ticket_admitted' : undefined;
}
