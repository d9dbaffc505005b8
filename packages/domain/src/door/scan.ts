import type { CredentialClaim } from '#credentials/credential';
import type { TicketStatus } from '#tickets/ticket';

/** What a scan came to. Each but the first two in words for whoever stands at the gate: `scanWords`. */
export type ScanOutcome =
  | 'admitted'
  | 'left'
  | 'already_in'
  | 'not_inside'
  | 'refunded'
  | 'void'
  | 'suspended'
  | 'outdated'
  | 'wrong_event'
  | 'wrong_gate'
  | 'too_early'
  | 'too_late'
  | 'forged';

/** A ticket as the door sees it, under its lock. */
export interface DoorTicket {
  readonly id: string;
  readonly eventId: string;
  readonly tierId: string;
  readonly status: TicketStatus;
  readonly credentialVersion: number;
  /** Somebody came in with it before. */
  readonly wasAdmitted: boolean;
  /** And is inside now. */
  readonly isInside: boolean;
}

export interface DoorRules {
  readonly eventId: string;
  /** Tiers that this gate lets in; all, when empty. */
  readonly tierIds: readonly string[];
  readonly allowsReentry: boolean;
  /** Where the scan is in the hours of the door. */
  readonly hours: 'too_early' | 'open' | 'too_late';
}

export interface Scan {
  readonly direction: 'in' | 'out';
  /** What the code says; undefined when it is no code of ours. */
  readonly claim: CredentialClaim | undefined;
  /** The ticket it names; undefined when there is none. */
  readonly ticket: DoorTicket | undefined;
  /** Whether the code is the ticket's own, byte for byte, as it is now. */
  readonly isGenuine: boolean;
}

/** What a scan comes to. First scan wins: the caller holds the ticket's lock. */
export function decideScan(scan: Scan, rules: DoorRules): ScanOutcome {
  const { claim, ticket, direction } = scan;
  if (claim !== undefined && claim.eventId !== rules.eventId) {
    return 'wrong_event';
  }
  if (ticket === undefined || claim === undefined || ticket.eventId !== rules.eventId) {
    return 'forged';
  }
  // A code from before the ticket changed hands. Whether it ever was good makes no difference.
  if (claim.version < ticket.credentialVersion) {
    return 'outdated';
  }
  if (!scan.isGenuine) {
    return 'forged';
  }
  if (direction === 'out') {
    return ticket.isInside ? 'left' : 'not_inside';
  }
  return decideEntry(ticket, rules);
}

function decideEntry(ticket: DoorTicket, rules: DoorRules): ScanOutcome {
  if (ticket.status !== 'valid') {
    return ticket.status;
  }
  if (ticket.isInside || (ticket.wasAdmitted && !rules.allowsReentry)) {
    return 'already_in';
  }
  if (rules.tierIds.length > 0 && !rules.tierIds.includes(ticket.tierId)) {
    return 'wrong_gate';
  }
  return rules.hours === 'open' ? 'admitted' : rules.hours;
}

/** Where a moment is in the hours of a door. */
export function hoursAt(
  door: { readonly opensAt: Date; readonly closesAt: Date },
  at: Date,
): DoorRules['hours'] {
  if (at < door.opensAt) {
    return 'too_early';
  }
  return at > door.closesAt ? 'too_late' : 'open';
}

/** What a person at the gate reads, and says. */
export const scanWords: Readonly<Record<ScanOutcome, string>> = {
  admitted: 'Come in.',
  left: 'Goodbye.',
  already_in: 'This ticket was used before.',
  not_inside: 'Nobody came in with this ticket.',
  refunded: 'This ticket was given back.',
  void: 'This ticket was taken back.',
  suspended: 'The payment of this ticket is disputed: ask the organizer.',
  outdated: 'This ticket has a newer code: it was passed on.',
  wrong_event: 'This ticket is for another event.',
  wrong_gate: 'This ticket is for another gate.',
  too_early: 'The doors are not open yet.',
  too_late: 'The event is over.',
  forged: 'This is no ticket of ours.',
};
