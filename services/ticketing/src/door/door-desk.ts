import { timingSafeEqual } from 'node:crypto';
import type { CheckInBody } from '@liventix/contracts/api/door';
import { type Credential, readCode } from '@liventix/domain/credentials';
import { type DoorRules, decideScan, hoursAt, type ScanOutcome } from '@liventix/domain/door';
import {
  type CheckIn,
  type DoorTerms,
  findCheckIns,
  insertCheckIns,
  type LockedTicket,
  lockDoorTickets,
  type NewCheckIn,
  readDoor,
} from '@liventix/domain/door/check-in-repository';
import type { Device } from '@liventix/domain/door/device-repository';
import { Coalescer } from '@liventix/shared/batching';
import type { Database, Transaction } from '@liventix/shared/db';
import { reportConflicts } from '#door/conflicts';

export interface DoorScan {
  readonly device: Device;
  readonly body: CheckInBody;
  readonly requestHash: string;
  /** Of a scan that the device decided without a network, and tells now. */
  readonly decidedOffline?: ScanOutcome;
}

export type DoorAnswer =
  | {
      readonly kind: 'scanned';
      readonly checkIn: CheckIn;
      /** As it was when it was scanned; undefined when the code names none. */
      readonly ticket: LockedTicket | undefined;
      readonly isGenuine: boolean;
    }
  /** Its nonce came with another scan. */
  | { readonly kind: 'nonce_reused' };

/** Where scans queue for their tickets: one queue an event, served in batches. */
export type DoorDesk = Coalescer<DoorScan, DoorAnswer>;

export function createDoorDesk(deps: { readonly db: Database }): DoorDesk {
  const { db } = deps;
  return new Coalescer({
    name: 'check_ins',
    batchMax: 128,
    waitingMax: 2_000,
    inFlightMax: 2,
    deadlineMs: 4_000,
    commit: async (eventId, scans) =>
      await db.inTransaction(async (tx) => await serve(tx, eventId, scans)),
    recall: async (_eventId, scans) => {
      const known = await findCheckIns(db.pool, noncesOf(scans));
      return scans.map((scan) => {
        const checkIn = known.get(scan.body.nonce);
        return checkIn && answerOf(scan, checkIn, { ticket: undefined, isGenuine: false });
      });
    },
  });
}

interface Read {
  readonly claim: Credential | undefined;
  readonly ticketId: string | undefined;
}

/** What is known of a batch once its tickets are locked. */
interface Gathered {
  readonly reads: ReadonlyMap<DoorScan, Read>;
  readonly tickets: ReadonlyMap<string, LockedTicket>;
  /** By nonce. */
  readonly known: ReadonlyMap<string, CheckIn>;
  readonly terms: DoorTerms;
}

async function gather(
  tx: Transaction,
  eventId: string,
  scans: readonly DoorScan[],
): Promise<Gathered> {
  const reads = new Map(scans.map((scan) => [scan, readScan(scan, eventId)]));
  const named = [...reads.values()].map(({ ticketId }) => ticketId);
  const ids = new Set(named.filter((id) => id !== undefined));
  const tickets = await lockDoorTickets(tx, [...ids]);
  return { reads, tickets, ...(await readDoor(tx, { eventId, nonces: noncesOf(scans) })) };
}

/** Serves scans in the order in which they came: the first one of a ticket wins. */
async function serve(
  tx: Transaction,
  eventId: string,
  scans: readonly DoorScan[],
): Promise<DoorAnswer[]> {
  const gathered = await gather(tx, eventId, scans);
  const { made, seen } = decideAll(gathered, scans);
  const written = made.length === 0 ? [] : await insertCheckIns(tx, made);
  const organizationId = scans[0]?.device.organizationId;
  await reportConflicts(tx, { organizationId, eventId, written });
  const all = new Map([...gathered.known, ...written.map((row) => [row.nonce, row] as const)]);
  // A nonce that another instance wrote at this moment.
  const missing = noncesOf(scans).filter((nonce) => !all.has(nonce));
  const late = missing.length === 0 ? all : await findCheckIns(tx, missing);
  return scans.map((scan) => {
    const { nonce } = scan.body;
    const checkIn = all.get(nonce) ?? late.get(nonce);
    const about = seen.get(scan) ?? { ticket: undefined, isGenuine: false };
    return checkIn === undefined ? { kind: 'nonce_reused' } : answerOf(scan, checkIn, about);
  });
}

function decideAll(
  { reads, tickets, known, terms }: Gathered,
  scans: readonly DoorScan[],
): { readonly made: NewCheckIn[]; readonly seen: ReadonlyMap<DoorScan, Seen> } {
  const states = new Map([...tickets].map(([id, ticket]) => [id, stateOf(ticket)]));
  const made = new Map<string, NewCheckIn>();
  const seen = new Map<DoorScan, Seen>();
  for (const scan of scans) {
    const { claim, ticketId = '' } = reads.get(scan) ?? {};
    const ticket = tickets.get(ticketId);
    const isGenuine = ticket !== undefined && isOwn(ticket, scan, claim);
    seen.set(scan, { ticket, isGenuine });
    if (known.has(scan.body.nonce) || made.has(scan.body.nonce)) {
      continue;
    }
    const state = states.get(ticketId) ?? { wasAdmitted: false, isInside: false };
    const { direction } = scan.body;
    const decided = decideScan(
      {
        direction,
        claim: claim ?? (isGenuine ? ownClaim(ticket) : undefined),
        ticket: ticket && { ...ticket, ...state },
        isGenuine,
      },
      rulesOf(scan, terms),
    );
    const outcome = asHappened(scan.decidedOffline, decided);
    if (isPassing(outcome)) {
      states.set(ticketId, { wasAdmitted: true, isInside: outcome === 'admitted' });
    }
    made.set(scan.body.nonce, toCheckIn(scan, ticket, outcome));
  }
  return { made: [...made.values()], seen };
}

/** Who was let in without a network was let in when it was open there, whatever the time is now. */
function rulesOf({ device, body, decidedOffline }: DoorScan, terms: DoorTerms): DoorRules {
  const { eventId, tierIds } = device;
  const { allowsReentry, now } = terms;
  const at =
    decidedOffline === undefined || body.scanned_at === undefined ? now : new Date(body.scanned_at);
  return { eventId, tierIds, allowsReentry, hours: hoursAt(terms, at) };
}

/** Whom a device turned away did not come in, though by now we would let them. */
function asHappened(decidedOffline: ScanOutcome | undefined, decided: ScanOutcome): ScanOutcome {
  const wasTurnedAway = decidedOffline !== undefined && !isPassing(decidedOffline);
  return wasTurnedAway && isPassing(decided) ? decidedOffline : decided;
}

function isPassing(outcome: ScanOutcome): boolean {
  return outcome === 'admitted' || outcome === 'left';
}

type Seen = Pick<Extract<DoorAnswer, { kind: 'scanned' }>, 'ticket' | 'isGenuine'>;

function answerOf(scan: DoorScan, checkIn: CheckIn, about: Seen): DoorAnswer {
  const isSame = checkIn.requestHash === scan.requestHash && checkIn.deviceId === scan.device.id;
  return isSame ? { kind: 'scanned', checkIn, ...about } : { kind: 'nonce_reused' };
}

/** Which ticket a scan is about: what its code says, as long as it is of this event. */
function readScan({ body }: DoorScan, eventId: string): Read {
  if (body.ticket !== undefined) {
    return { claim: undefined, ticketId: body.ticket };
  }
  const claim = readCode(body.code ?? '');
  return { claim, ticketId: claim?.eventId === eventId ? claim.ticketId : undefined };
}

function stateOf(ticket: LockedTicket) {
  return { wasAdmitted: ticket.wasAdmitted, isInside: ticket.last?.isOpen ?? false };
}

/**
 * Whether the code is the ticket's own. Its signature was made by us and is kept, so comparing is as
 * good as verifying, and forty times as fast. A supervisor who found the ticket by name needs no code.
 */
function isOwn(ticket: LockedTicket, scan: DoorScan, claim: Credential | undefined): boolean {
  if (scan.body.ticket !== undefined) {
    return true;
  }
  const { kid, signature, credentialVersion } = ticket;
  return (
    claim !== undefined &&
    signature !== null &&
    claim.kid === kid &&
    claim.version === credentialVersion &&
    timingSafeEqual(signature, claim.signature)
  );
}

function ownClaim(ticket: LockedTicket | undefined) {
  return (
    ticket && {
      eventId: ticket.eventId,
      ticketId: ticket.id,
      version: ticket.credentialVersion,
      kid: ticket.kid ?? 0,
    }
  );
}

function toCheckIn(
  { device, body, requestHash, decidedOffline }: DoorScan,
  ticket: LockedTicket | undefined,
  outcome: ScanOutcome,
): NewCheckIn {
  return {
    eventId: device.eventId,
    deviceId: device.id,
    gate: device.gate,
    nonce: body.nonce,
    requestHash,
    ticketId: ticket?.id ?? null,
    direction: body.direction,
    outcome,
    scannedAt: body.scanned_at ?? null,
    decidedOffline: decidedOffline ?? null,
  };
}

function noncesOf(scans: readonly DoorScan[]): string[] {
  return scans.map(({ body }) => body.nonce);
}
