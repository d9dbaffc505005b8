import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { DoorTicket, ScanOutcome } from './scan.ts';

const ticketRow = z.object({
  id: z.uuid(),
  eventId: z.uuid(),
  tierId: z.uuid(),
  status: z.enum(['valid', 'suspended', 'refunded', 'void']),
  credentialVersion: z.int(),
  wasAdmitted: z.boolean(),
  kid: z.int().nullable(),
  signature: z.instanceof(Uint8Array).nullable(),
  serial: z.int(),
  holderName: z.string().nullable(),
});

/** Where a ticket's person is inside, and since when. */
export interface Inside {
  readonly gate: string;
  readonly at: Date;
}

export type LockedTicket = Omit<DoorTicket, 'isInside'> &
  z.output<typeof ticketRow> & {
    readonly tierName: string;
    /** The admission that is open, or the last one. */
    readonly last: (Inside & { readonly checkInId: string; readonly isOpen: boolean }) | null;
  };

const restRow = z.object({
  id: z.uuid(),
  tierName: z.string(),
  checkInId: z.uuid().nullable(),
  gate: z.string().nullable(),
  at: z.date().nullable(),
  isOpen: z.boolean().nullable(),
});

/** Locks tickets by id, then reads the rest of what the door asks as of after the wait. */
export async function lockDoorTickets(
  tx: Transaction,
  ticketIds: readonly string[],
): Promise<Map<string, LockedTicket>> {
  const ids = [...ticketIds];
  const locked = await tx.raw(
    `select id, event_id as "eventId", tier_id as "tierId", status,
            credential_version as "credentialVersion", admitted_at is not null as "wasAdmitted",
            credential_kid as kid, credential_signature as signature, serial,
            holder_name as "holderName"
       from tickets
      where id = any (:ids::uuid[])
      order by id
        for no key update`,
    { ids },
  );
  const rest = await tx.raw(
    `select k.id, t.name as "tierName", c.id as "checkInId", c.gate, c.at,
            c.left_at is null as "isOpen"
       from tickets k
       join ticket_tiers t on t.id = k.tier_id
       left join lateral (select id, gate, at, left_at from check_ins
                           where ticket_id = k.id and outcome = 'admitted' and undone_at is null
                           order by at desc
                           limit 1) c on true
      where k.id = any (:ids::uuid[])`,
    { ids },
  );
  const rests = new Map(
    z
      .array(restRow)
      .parse(rest.rows)
      .map((row) => [row.id, row]),
  );
  return new Map(
    z
      .array(ticketRow)
      .parse(locked.rows)
      .map((ticket) => {
        const { tierName = '', checkInId, gate, at, isOpen } = rests.get(ticket.id) ?? {};
        const last =
          checkInId && gate && at ? { checkInId, gate, at, isOpen: isOpen === true } : null;
        return [ticket.id, { ...ticket, tierName, last }];
      }),
  );
}

const rulesRow = z.object({
  allowsReentry: z.boolean(),
  now: z.date(),
  opensAt: z.date(),
  closesAt: z.date(),
});
export type DoorTerms = z.output<typeof rulesRow>;

export interface NewCheckIn {
  readonly eventId: string;
  readonly deviceId: string;
  readonly gate: string;
  readonly nonce: string;
  readonly requestHash: string;
  readonly ticketId: string | null;
  readonly direction: 'in' | 'out';
  readonly outcome: ScanOutcome;
  readonly scannedAt: string | null;
  /** What the device decided without a network. */
  readonly decidedOffline: ScanOutcome | null;
}

const checkInRow = z.object({
  id: z.uuid(),
  nonce: z.uuid(),
  deviceId: z.uuid(),
  requestHash: z.string(),
  ticketId: z.uuid().nullable(),
  outcome: z.custom<ScanOutcome>((value) => typeof value === 'string'),
  decidedOffline: z.custom<ScanOutcome>((value) => typeof value === 'string').nullable(),
  at: z.date(),
});
export type CheckIn = z.output<typeof checkInRow>;

const checkInColumns = `id, nonce, device_id as "deviceId", request_hash as "requestHash",
  ticket_id as "ticketId", outcome, decided_offline as "decidedOffline", at`;

/**
 * Writes down scans and what follows from them, in as many statements as for one: who came in is
 * inside, and who left is not. Returns those that were new: a nonce counts once.
 */
export async function insertCheckIns(
  tx: Transaction,
  scans: readonly NewCheckIn[],
): Promise<CheckIn[]> {
  const { rows } = await tx.raw(
    `with written as (
       insert into check_ins (id, event_id, device_id, gate, nonce, request_hash, ticket_id,
                              direction, outcome, scanned_at, decided_offline)
       select id, "eventId", "deviceId", gate, nonce, "requestHash", "ticketId", direction, outcome,
              "scannedAt", "decidedOffline"
         from json_to_recordset(:rows::json)
           as r (id uuid, "eventId" uuid, "deviceId" uuid, gate text, nonce uuid,
                 "requestHash" text, "ticketId" uuid, direction text, outcome text,
                 "scannedAt" timestamptz, "decidedOffline" text)
       on conflict (nonce) do nothing
       returning *
     ), admitted as (
       update tickets k set admitted_at = clock_timestamp()
         from written w
        where k.id = w.ticket_id and w.outcome = 'admitted' and k.admitted_at is null
     )
     select ${checkInColumns} from written`,
    { rows: JSON.stringify(scans.map((scan) => ({ id: randomUUIDv7(), ...scan }))) },
  );
  const written = z.array(checkInRow).parse(rows);
  const left = written.filter(({ outcome }) => outcome === 'left').map(({ ticketId }) => ticketId);
  if (left.length > 0) {
    await tx.raw(
      `update check_ins set left_at = clock_timestamp()
        where ticket_id = any (:left::uuid[]) and outcome = 'admitted' and left_at is null
          and undone_at is null`,
      { left },
    );
    // Told to devices as a change of the ticket.
    await tx.raw(`update tickets set admitted_at = admitted_at where id = any (:left::uuid[])`, {
      left,
    });
  }
  return written;
}

/**
 * What an event's door goes by, what time it is by the database's clock, and the scans that these
 * nonces made before: in one statement, since every scan of the event waits for it.
 */
export async function readDoor(
  tx: Transaction,
  of: { readonly eventId: string; readonly nonces: readonly string[] },
): Promise<{ readonly terms: DoorTerms; readonly known: Map<string, CheckIn> }> {
  const { rows } = await tx.raw(
    `select e.allows_reentry as "allowsReentry", clock_timestamp() as now, e.ends_at as "closesAt",
            e.starts_at - make_interval(mins => e.doors_open_minutes) as "opensAt", c.*
       from events e
       left join (select ${checkInColumns} from check_ins
                   where nonce = any (:nonces::uuid[])) c on true
      where e.id = :eventId`,
    { eventId: of.eventId, nonces: [...of.nonces] },
  );
  const known = rows.filter(({ id }: { id: string | null }) => id !== null);
  return { terms: rulesRow.parse(rows[0]), known: byNonce(known) };
}

/** Scans that these nonces made before. */
export async function findCheckIns(
  executor: Executor,
  nonces: readonly string[],
): Promise<Map<string, CheckIn>> {
  const { rows } = await executor.raw(
    `select ${checkInColumns} from check_ins where nonce = any (:nonces::uuid[])`,
    { nonces: [...nonces] },
  );
  return byNonce(rows);
}

function byNonce(rows: unknown): Map<string, CheckIn> {
  const scans = z.array(checkInRow).parse(rows);
  return new Map(scans.map((scan) => [scan.nonce, scan]));
}

/**
 * Takes an admission back: its person is not inside, and the ticket is unused unless another admission
 * stands. False when there is nothing to take back.
 */
export async function undoCheckIn(
  tx: Transaction,
  undo: { readonly checkInId: string; readonly eventId: string; readonly deviceId: string },
): Promise<boolean> {
  const { rows } = await tx.raw(
    `select c.ticket_id as "ticketId"
       from check_ins c
       join tickets k on k.id = c.ticket_id
      where c.id = :checkInId and c.event_id = :eventId
        for no key update of k`,
    undo,
  );
  const ticketId = z.object({ ticketId: z.uuid() }).optional().parse(rows[0])?.ticketId;
  if (ticketId === undefined) {
    return false;
  }
  const { rowCount } = await tx.raw(
    `update check_ins set undone_at = clock_timestamp(), undone_by = :deviceId
      where id = :checkInId and outcome = 'admitted' and undone_at is null`,
    undo,
  );
  await tx.raw(
    `update tickets set admitted_at = (select min(at) from check_ins
                                        where ticket_id = :ticketId and outcome = 'admitted'
                                          and undone_at is null)
      where id = :ticketId`,
    { ticketId },
  );
  return rowCount === 1;
}
