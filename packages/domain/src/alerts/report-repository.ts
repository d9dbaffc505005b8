import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

/** Says that a process lives, and what it wants known of itself. */
export async function beat(
  executor: Executor,
  heart: {
    readonly service: string;
    readonly instance: string;
    readonly facts: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await executor.raw(
    `insert into heartbeats (service, instance, at, facts)
     values (:service, :instance, clock_timestamp(), :facts::jsonb)
     on conflict (service, instance) do update set at = excluded.at, facts = excluded.facts`,
    { ...heart, facts: JSON.stringify(heart.facts) },
  );
}

/** Adds what a process has counted since it last said so. */
export async function addCounts(
  executor: Executor,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  const kinds = Object.keys(counts);
  if (kinds.length === 0) {
    return;
  }
  await executor.raw(
    `insert into signal_counts (kind, minute, count)
     select kind, date_trunc('minute', clock_timestamp()), count
       from unnest(:kinds::text[], :counts::bigint[]) as of (kind, count)
      order by kind
     on conflict (kind, minute) do update set count = signal_counts.count + excluded.count`,
    { kinds, counts: Object.values(counts) },
  );
}

const silenceRow = z.object({ service: z.string(), silentSeconds: z.number() });

/** For how long each service that lived within a day has said nothing. */
export async function readSilence(executor: Executor): Promise<z.output<typeof silenceRow>[]> {
  const { rows } = await executor.raw(
    `select service, extract(epoch from clock_timestamp() - max(at))::float8 as "silentSeconds"
       from heartbeats where at > now() - interval '1 day' group by service order by service`,
  );
  return z.array(silenceRow).parse(rows);
}

const tickRow = z.object({ sweep: z.string(), lateSeconds: z.number(), everySeconds: z.number() });

/** For how long each repeatable job has not ended, by the instance that ended it last. */
export async function readTicks(executor: Executor): Promise<z.output<typeof tickRow>[]> {
  const { rows } = await executor.raw(
    `select t.sweep, max(t."everySeconds") as "everySeconds",
            extract(epoch from clock_timestamp())::float8 - max(t."endedSeconds") as "lateSeconds"
       from heartbeats h,
            jsonb_to_recordset(h.facts -> 'sweeps')
              as t (sweep text, "everySeconds" float8, "endedSeconds" float8)
      where h.at > now() - interval '1 minute' and h.facts -> 'sweeps' is not null
      group by t.sweep order by t.sweep`,
  );
  return z.array(tickRow).parse(rows);
}

const countRow = z.object({ kind: z.string(), lastFiveMinutes: z.int(), lastHour: z.int() });
export type SignalCount = z.output<typeof countRow>;

/** What all processes counted lately. */
export async function readCounts(executor: Executor): Promise<SignalCount[]> {
  const { rows } = await executor.raw(
    `select kind, sum(count)::bigint as "lastHour",
            coalesce(sum(count) filter (where minute > clock_timestamp() - interval '5 minutes'), 0)::bigint
              as "lastFiveMinutes"
       from signal_counts where minute > clock_timestamp() - interval '1 hour' group by kind`,
  );
  return z.array(countRow).parse(rows);
}

/**
 * Events of the last ten minutes that Stripe's webhook had time to bring and only its list told, since the
 * last webhook that did arrive.
 */
export async function countUnheardEvents(executor: Executor): Promise<number> {
  const { rows } = await executor.raw(
    `select count(*)::int as unheard from stripe_events
      where source = 'poll' and received_at > clock_timestamp() - interval '10 minutes'
        and received_at > created_at + interval '10 seconds'
        and received_at > coalesce((select max(received_at) from stripe_events
                                     where source = 'webhook'), '-infinity')`,
  );
  return z.object({ unheard: z.int() }).parse(rows[0]).unheard;
}

/** Deletes what is told by nobody any more. */
export async function forgetOldReports(executor: Executor): Promise<void> {
  await executor.raw(`delete from heartbeats where at < now() - interval '1 day'`);
  await executor.raw(`delete from signal_counts where minute < now() - interval '2 hours'`);
  await executor.raw(
    `delete from alerts where state = 'cleared' and cleared_at < now() - interval '35 days'`,
  );
}
