import type { CredentialClaim } from '#credentials/credential';
import { hoursAt, type ScanOutcome } from './scan.ts';

/** What stands in a ticket's way at this gate, or nothing: then its newest code is good. */
export type TicketState =
  | 'good'
  | 'inside'
  | 'used'
  | 'refunded'
  | 'void'
  | 'suspended'
  | 'wrong_gate';

/** What differs from a ticket as it was issued: its version, and what stands in its way. */
export interface Exception {
  readonly version: number;
  readonly state: TicketState;
}

/** What a device needs to decide without a network. */
export interface OfflineDoor {
  readonly eventId: string;
  readonly opensAt: Date;
  readonly closesAt: Date;
  /** Until when it should be believed. */
  readonly expiresAt: Date;
  readonly allowsReentry: boolean;
  /** By ticket. One that is not named is good in its first version. */
  readonly exceptions: ReadonlyMap<string, Exception>;
}

/** A code that a device reads without a network. */
export interface OfflineScan {
  /** What the code says; undefined when it is no code of ours. */
  readonly claim: CredentialClaim | undefined;
  /** Whether a key of the event signed it. */
  readonly isSigned: boolean;
  readonly direction: 'in' | 'out';
  readonly at: Date;
  /** Who came in or went out at this device since the manifest, by ticket. */
  readonly seen: ReadonlyMap<string, 'in' | 'out'>;
}

/**
 * What a scan comes to without a network. It is as good as the manifest is young, and knows nothing of
 * what other devices let in meanwhile: what is decided here is told later and compared then.
 */
export function decideOffline(scan: OfflineScan, door: OfflineDoor): ScanOutcome {
  const { claim } = scan;
  if (claim === undefined || !scan.isSigned) {
    return 'forged';
  }
  if (claim.eventId !== door.eventId) {
    return 'wrong_event';
  }
  const { version, state } = door.exceptions.get(claim.ticketId) ?? { version: 1, state: 'good' };
  if (claim.version < version) {
    return 'outdated';
  }
  const now = stateNow(state, scan.seen.get(claim.ticketId));
  if (scan.direction === 'out') {
    return now === 'inside' ? 'left' : 'not_inside';
  }
  switch (now) {
    case 'inside':
      return 'already_in';
    case 'used':
      return door.allowsReentry ? hoursOf(door, scan.at) : 'already_in';
    case 'good':
      return hoursOf(door, scan.at);
    default:
      return now;
  }
}

function stateNow(state: TicketState, seen: 'in' | 'out' | undefined): TicketState {
  if (seen === undefined || (state !== 'good' && state !== 'inside' && state !== 'used')) {
    return state;
  }
  return seen === 'in' ? 'inside' : 'used';
}

function hoursOf(door: OfflineDoor, at: Date): 'admitted' | 'too_early' | 'too_late' {
  const hours = hoursAt(door, at);
  return hours === 'open' ? 'admitted' : hours;
}

/** Whether a device let somebody in without a network who was not to come in: a person should know. */
export function isConflict(decidedOffline: ScanOutcome | null, outcome: ScanOutcome): boolean {
  return decidedOffline === 'admitted' && outcome !== 'admitted';
}
