import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

/** Says that a process lives, and what it wants known of itself. */
export async function beat(
  executor: Executor,
  heart: {
    readonly service: string;
    readonly instance: string;
    readonly facts: object;
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

const silenceRow = z.object({
  service: z.string(),
  silentSeconds: z.number(),
  missedSeconds: z.number(),
});
export type Silence = z.output<typeof silenceRow>;

/**
 * For how long each service has said nothing, and for how long of that somebody listened: after a time in
 * which nobody looked, everybody has a while to say that they live. Of a service that was never here, since
 * it is expected.
 */
export async function readSilence(executor: Executor): Promise<Silence[]> {
  const since = (moment: string) =>
    `greatest(0, extract(epoch from clock_timestamp() - ${moment})::float8)`;
  const { rows } = await executor.raw(
    `select h.service, ${since('h.at')} as "silentSeconds",
            ${since('greatest(h.at, w.watching_since)')} as "missedSeconds"
       from (select service, coalesce(max(at) filter (where instance <> 'expected'), max(at)) as at
               from heartbeats group by service) h,
            watch_state w
      order by h.service`,
  );
  return z.array(silenceRow).parse(rows);
}

const tickRow = z.object({ sweep: z.string(), lateSeconds: z.number(), everySeconds: z.number() });

/** What an age that was told with a heartbeat is by now: no clock but Postgres' is asked. */
const sinceBeat = 'extract(epoch from clock_timestamp() - h.at)::float8';

/** For how long each repeatable job has not ended, by the instance that ended it last. */
export async function readTicks(executor: Executor): Promise<z.output<typeof tickRow>[]> {
  const { rows } = await executor.raw(
    `select t.sweep, max(t."everySeconds") as "everySeconds",
            min(t."ageSeconds" + ${sinceBeat}) as "lateSeconds"
       from heartbeats h,
            jsonb_to_recordset(h.facts -> 'sweeps')
              as t (sweep text, "everySeconds" float8, "ageSeconds" float8)
      where h.at > now() - interval '1 minute' and t."ageSeconds" is not null
      group by t.sweep order by t.sweep`,
  );
  return z.array(tickRow).parse(rows);
}

const booksFact = z.object({ rulesUnknown: z.int(), unexplainedCents: z.int() });
export type BooksFact = z.output<typeof booksFact>;

/** What the last audit of the books said; undefined before the first. */
export async function readBooksFact(executor: Executor): Promise<BooksFact | undefined> {
  return booksFact.optional().parse(await readFact(executor, 'books'));
}

const queuesFact = z.object({ oldestSeconds: z.record(z.string(), z.number()) });

/** For how long the oldest job of each queue has waited in Redis, as last read. */
export async function readQueueAges(executor: Executor): Promise<ReadonlyMap<string, number>> {
  const fact = queuesFact.optional().parse(await readFact(executor, 'queues'));
  return new Map(Object.entries(fact?.oldestSeconds ?? {}));
}

/** A fact of which any instance may have the youngest. */
async function readFact(executor: Executor, name: 'books' | 'queues'): Promise<unknown> {
  const { rows } = await executor.raw(
    `select h.facts -> :name as fact
       from heartbeats h
      where h.at > now() - interval '1 minute' and h.facts -> :name is not null
      order by (h.facts -> :name ->> 'ageSeconds')::float8 + ${sinceBeat} limit 1`,
    { name },
  );
  return rows[0]?.fact;
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
 * last webhook that did arrive. Older ones say nothing: who reads the list for the first time is told of
 * days in which there was no webhook.
 */
export async function countUnheardEvents(executor: Executor): Promise<number> {
  const { rows } = await executor.raw(
    `select count(*)::int as unheard from stripe_events
      where source = 'poll' and received_at > clock_timestamp() - interval '10 minutes'
        and received_at > created_at + interval '10 seconds'
        and created_at > clock_timestamp() - interval '20 minutes'
        and received_at > coalesce((select max(received_at) from stripe_events
                                     where source = 'webhook'), '-infinity')`,
  );
  return z.object({ unheard: z.int() }).parse(rows[0]).unheard;
}

/** Deletes what is told by nobody any more. The last word of a service stays: who died is missed for good. */
export async function forgetOldReports(executor: Executor): Promise<void> {
  await executor.raw(
    `delete from heartbeats h
      where h.at < now() - interval '1 day' and h.instance <> 'expected'
        and exists (select from heartbeats later
                     where later.service = h.service and later.instance <> 'expected'
                       and later.at > h.at)`,
  );
  await executor.raw(`delete from signal_counts where minute < now() - interval '2 hours'`);
  await executor.raw(
    `delete from alerts where state = 'cleared' and cleared_at < now() - interval '35 days'`,
  );
}
