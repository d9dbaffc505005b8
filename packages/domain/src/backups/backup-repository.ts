import { randomUUIDv7 } from 'node:crypto';
import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

/** Writes down that a backup was taken, or was not and why. */
export async function recordBackup(
  executor: Executor,
  backup: {
    readonly kind: 'base' | 'dump';
    readonly bytes: number | null;
    /** Null when it was taken. */
    readonly error: string | null;
    /** How soon another is meant to follow; null when nobody said. */
    readonly everySeconds: number | null;
  },
): Promise<void> {
  await executor.raw(
    `insert into backups (id, kind, bytes, error, every_seconds)
     values (:id, :kind, :bytes, left(:error, 1000), :everySeconds)`,
    { id: randomUUIDv7(), ...backup },
  );
}

const stateRow = z.object({
  ageSeconds: z.number().nullable(),
  dueSeconds: z.number(),
  failuresSince: z.int(),
  archiveFailingSeconds: z.number(),
});

/** How old the last backup is, and whether its WAL is archived. */
export type BackupState = z.output<typeof stateRow>;

/** A backup a day by cron comes at another minute each time. */
const usualDueSeconds = 26 * 3_600;

/**
 * How the backups of this database stand. Where none was ever asked for, age is null: somebody else may
 * take them. Twice the interval that was meant is late, and so is a first one that fails for as long. What
 * a server says of archiving counts since it last failed without having succeeded again.
 */
export async function readBackupState(executor: Executor): Promise<BackupState> {
  const { rows } = await executor.raw(
    `select extract(epoch from clock_timestamp() - coalesce(b.taken, b.first))::float8 as "ageSeconds",
            coalesce(2 * l.every_seconds, ${usualDueSeconds})::float8 as "dueSeconds",
            b.failures as "failuresSince",
            case when a.last_failed_time > coalesce(a.last_archived_time, '-infinity')
                 then extract(epoch from clock_timestamp() - coalesce(a.last_archived_time, a.stats_reset,
                                                                      a.last_failed_time))::float8
                 else 0 end as "archiveFailingSeconds"
       from (select max(at) filter (where error is null) as taken, min(at) as first,
                    (count(*) filter (where error is not null and at > coalesce(
                      (select max(at) from backups where error is null), '-infinity')))::int as failures
               from backups) b
       cross join pg_stat_archiver a
       left join lateral (select every_seconds from backups order by at desc limit 1) l on true`,
  );
  return stateRow.parse(rows[0]);
}
