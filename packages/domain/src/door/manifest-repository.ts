import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const manifestRow = z.object({
  opensAt: z.date(),
  closesAt: z.date(),
  asOf: z.date(),
  allowsReentry: z.boolean(),
  cursor: z.string(),
  /** Whether it is all there is to know, and not what has changed since a cursor. */
  isFull: z.boolean(),
  /** JSON of rows `[ticket, version, state, gate, at]`: made by the database, passed on as it is. */
  exceptions: z.string(),
  count: z.int(),
});
export type Manifest = z.output<typeof manifestRow>;

/**
 * What a gate has to know of an event's tickets, all or changed since a cursor. One statement, and so
 * one snapshot: what commits after it has a transaction that is not below the cursor.
 */
export async function readManifest(
  executor: Executor,
  gate: {
    readonly eventId: string;
    /** Tiers that it lets in; all, when empty. */
    readonly tierIds: readonly string[];
    readonly since: string | undefined;
  },
): Promise<Manifest> {
  const { rows } = await executor.raw(
    `with asked as (
       -- A cursor from after this moment is of another database.
       select case when :since::xid8 < pg_snapshot_xmax(pg_current_snapshot())
                   then :since::xid8 end as since
     ), told as (
       select k.id, k.credential_version as version, k.serial, c.gate, c.at,
              case when k.status <> 'valid' then k.status
                   when c.left_at is null and c.id is not null then 'inside'
                   when k.admitted_at is not null then 'used'
                   when cardinality(:tierIds::uuid[]) > 0
                        and k.tier_id <> all (:tierIds::uuid[]) then 'wrong_gate'
                   else 'good' end as state
         from asked
         join tickets k on k.event_id = :eventId
          and case when asked.since is null
                   then k.status <> 'valid' or k.credential_version > 1
                        or k.admitted_at is not null
                        or (cardinality(:tierIds::uuid[]) > 0
                            and k.tier_id <> all (:tierIds::uuid[]))
                   else k.changed_in >= asked.since end
         left join lateral (select id, gate, at, left_at from check_ins
                             where ticket_id = k.id and outcome = 'admitted' and undone_at is null
                             order by at desc
                             limit 1) c on k.admitted_at is not null
     )
     select e.starts_at - make_interval(mins => e.doors_open_minutes) as "opensAt",
            e.ends_at as "closesAt", clock_timestamp() as "asOf",
            e.allows_reentry as "allowsReentry",
            pg_snapshot_xmin(pg_current_snapshot())::text as cursor,
            (select since is null from asked) as "isFull",
            (select count(*)::int from told) as count,
            coalesce((select json_agg(json_build_array(id, version, state, gate, at) order by serial)
                        from told)::text, '[]') as exceptions
       from events e
      where e.id = :eventId`,
    { eventId: gate.eventId, tierIds: [...gate.tierIds], since: gate.since ?? null },
  );
  return manifestRow.parse(rows[0]);
}
