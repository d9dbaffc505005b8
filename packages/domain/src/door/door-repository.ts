import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

const countRow = z.object({
  gate: z.string(),
  admitted: z.int(),
  inside: z.int(),
  refused: z.int(),
  conflicts: z.int(),
});
export type GateCount = z.output<typeof countRow>;

/** What happened at each gate of an event. */
export async function countGates(executor: Executor, eventId: string): Promise<GateCount[]> {
  const { rows } = await executor.raw(
    `select gate,
            count(*) filter (where outcome = 'admitted' and undone_at is null)::int as admitted,
            count(*) filter (where outcome = 'admitted' and undone_at is null
                               and left_at is null)::int as inside,
            count(*) filter (where outcome not in ('admitted', 'left'))::int as refused,
            count(*) filter (where decided_offline = 'admitted' and outcome <> 'admitted')::int
              as conflicts
       from check_ins
      where event_id = :eventId
      group by gate
      order by gate`,
    { eventId },
  );
  return z.array(countRow).parse(rows);
}

const foundRow = z.object({
  id: z.uuid(),
  serial: z.int(),
  tierName: z.string(),
  holderName: z.string().nullable(),
  orderNumber: z.string(),
  status: z.enum(['valid', 'suspended', 'refunded', 'void']),
  admittedAt: z.date().nullable(),
});
export type FoundTicket = z.output<typeof foundRow>;

/** Tickets of an event by holder's name, order number or serial, for people without a code. */
export async function searchTickets(
  executor: Executor,
  search: { readonly eventId: string; readonly query: string; readonly limit: number },
): Promise<FoundTicket[]> {
  const { query } = search;
  const { rows } = await executor.raw(
    `select k.id, k.serial, t.name as "tierName", k.holder_name as "holderName",
            o.number as "orderNumber", k.status, k.admitted_at as "admittedAt"
       from tickets k
       join orders o on o.id = k.order_id
       join ticket_tiers t on t.id = k.tier_id
      where k.event_id = :eventId
        and (o.number = upper(:query) or k.serial = :serial::integer
             or k.holder_name ilike '%' || :pattern || '%')
      order by k.serial
      limit :limit`,
    {
      ...search,
      serial: /^\d{1,9}$/.test(query) ? Number(query) : null,
      pattern: query.replaceAll(/[\\%_]/g, '\\$&'),
    },
  );
  return z.array(foundRow).parse(rows);
}

export interface DoorSettings {
  readonly opensMinutesBefore: number;
  readonly allowsReentry: boolean;
}

/** Changes when an event's doors open, and whether who left may come back. */
export async function setDoor(
  tx: Transaction,
  door: DoorSettings & { readonly eventId: string },
): Promise<void> {
  await tx.raw(
    `update events set doors_open_minutes = :opensMinutesBefore, allows_reentry = :allowsReentry
      where id = :eventId`,
    { ...door },
  );
}

const settingsRow = z.object({ opensMinutesBefore: z.int(), allowsReentry: z.boolean() });

export async function findDoor(executor: Executor, eventId: string): Promise<DoorSettings> {
  const { rows } = await executor.raw(
    `select doors_open_minutes as "opensMinutesBefore", allows_reentry as "allowsReentry"
       from events where id = :eventId`,
    { eventId },
  );
  return settingsRow.parse(rows[0]);
}
