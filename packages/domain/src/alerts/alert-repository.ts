import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { AlertChanges, Finding } from './alert.ts';

const openRow = z.object({
  id: z.uuid(),
  key: z.string(),
  state: z.enum(['pending', 'firing']),
  badSince: z.date(),
  badAt: z.date(),
});

/**
 * Takes the turn to look, unless somebody has within this time: the moment of the look, or undefined, so
 * that there is one watch however many watch. After a gap in which nobody looked, listening begins anew.
 */
export async function takeTurn(
  executor: Executor,
  { everyMs, gapMs }: { readonly everyMs: number; readonly gapMs: number },
): Promise<Date | undefined> {
  const { rows } = await executor.raw(
    `update watch_state
        set watching_since = case when looked_at < clock_timestamp() - make_interval(secs => :gapMs::float8 / 1000)
                                  then clock_timestamp() else watching_since end,
            looked_at = clock_timestamp()
      where only_one in (
              select only_one from watch_state
               where looked_at < clock_timestamp() - make_interval(secs => :everyMs::float8 / 1000)
                 for update skip locked)
     returning looked_at as "lookedAt"`,
    { everyMs, gapMs },
  );
  return z.object({ lookedAt: z.date() }).optional().parse(rows[0])?.lookedAt;
}

/** Makes the look of this moment the last one; false when a later one was written down meanwhile. */
export async function beginApplying(tx: Transaction, at: Date): Promise<boolean> {
  const { rowCount } = await tx.raw(
    'update watch_state set applied_at = :at where applied_at < :at',
    { at },
  );
  return rowCount === 1;
}

/** What Redis has counted to, as far as anybody knows. */
export async function readRedisCount(executor: Executor): Promise<number | undefined> {
  const { rows } = await executor.raw('select redis_count as count from watch_state');
  return z.object({ count: z.int().nullable() }).parse(rows[0]).count ?? undefined;
}

/** Remembers what Redis counted to, and that it lost something: how long ago it last did, or null. */
export async function noteRedisCount(
  executor: Executor,
  { count, hasLost }: { readonly count: number | undefined; readonly hasLost: boolean },
): Promise<number | null> {
  const { rows } = await executor.raw(
    `update watch_state
        set redis_count = greatest(redis_count, :count::bigint),
            redis_lost_at = case when :hasLost then clock_timestamp() else redis_lost_at end
     returning extract(epoch from clock_timestamp() - redis_lost_at)::float8 as "lostSeconds"`,
    { count: count ?? null, hasLost },
  );
  return z.object({ lostSeconds: z.number().nullable() }).parse(rows[0]).lostSeconds;
}

export async function listOpenAlerts(executor: Executor): Promise<z.output<typeof openRow>[]> {
  const { rows } = await executor.raw(
    `select id, key, state, bad_since as "badSince", bad_at as "badAt"
       from alerts where state <> 'cleared' order by key`,
  );
  return z.array(openRow).parse(rows);
}

/** Writes down what a look changed. */
export async function applyChanges(
  tx: Transaction,
  { begun, seen, fired, cleared, dropped }: AlertChanges,
  at: Date,
): Promise<void> {
  for (const finding of begun) {
    await insertAlert(tx, finding, at);
  }
  for (const { id, finding } of [...seen, ...fired]) {
    await tx.raw('update alerts set bad_at = :at, summary = left(:summary, 1000) where id = :id', {
      id,
      at,
      summary: finding.summary,
    });
  }
  const ids = (of: readonly { readonly id: string }[]) => of.map(({ id }) => id);
  await tx.raw(`update alerts set state = 'firing', fired_at = :at where id = any(:ids::uuid[])`, {
    at,
    ids: ids(fired),
  });
  await tx.raw(
    `update alerts set state = 'cleared', cleared_at = :at where id = any(:ids::uuid[])`,
    { at, ids: ids(cleared) },
  );
  await tx.raw('delete from alerts where id = any(:ids::uuid[])', { ids: ids(dropped) });
}

async function insertAlert(tx: Transaction, finding: Finding, at: Date): Promise<void> {
  const isFiring = finding.forS === 0;
  await tx.raw(
    `insert into alerts (id, key, name, severity, summary, runbook, state, bad_since, bad_at, fired_at)
     values (:id, :key, :name, :severity, left(:summary, 1000), :runbook, :state, :at, :at, :firedAt)`,
    {
      id: randomUUIDv7(),
      key: finding.key,
      name: finding.name,
      severity: finding.severity,
      summary: finding.summary,
      runbook: finding.runbook,
      state: isFiring ? 'firing' : 'pending',
      at,
      firedAt: isFiring ? at : null,
    },
  );
}

const untoldRow = z.object({
  id: z.uuid(),
  name: z.string(),
  severity: z.enum(['page', 'ticket']),
  summary: z.string(),
  runbook: z.string(),
  state: z.enum(['firing', 'cleared']),
});
export type Untold = z.output<typeof untoldRow>;

/** Longer than every way of telling takes together, so that no two tell of one alert at once. */
const tellingSeconds = 30;

/** From ten seconds, twice as long after each failure, to five minutes. */
const waitSeconds = `least(300, 10 * 2 ^ least(tries - 1, 10))`;

/**
 * Takes an alert whose state nobody was told of; one that somebody else is telling, or that could not be
 * told just now, is passed over. Who took it and died leaves it to the next.
 */
export async function claimUntold(executor: Executor): Promise<Untold | undefined> {
  const { rows } = await executor.raw(
    `update alerts
        set tell_after = clock_timestamp() + make_interval(secs => :tellingSeconds), tries = tries + 1
      where id in (
              select id from alerts
               where told <> state and state <> 'pending' and tell_after < clock_timestamp()
                 and not (told = 'nothing' and state = 'cleared' and cleared_at < now() - interval '1 hour')
               order by tries, fired_at limit 1 for update skip locked)
     returning id, name, severity, summary, runbook, state`,
    { tellingSeconds },
  );
  return untoldRow.optional().parse(rows[0]);
}

/** People know of this state. */
export async function markTold(executor: Executor, { id, state }: Untold): Promise<void> {
  await executor.raw(
    `update alerts
        set told = :state, told_at = clock_timestamp(), tries = 0, tell_after = '-infinity'
      where id = :id`,
    { id, state },
  );
}

/** Nobody could be told: it is tried again, later each time. */
export async function putOffTelling(executor: Executor, { id }: Untold): Promise<void> {
  await executor.raw(
    `update alerts set tell_after = clock_timestamp() + make_interval(secs => ${waitSeconds})
      where id = :id`,
    { id },
  );
}

/** Whether something fires of which nobody could be told for so long. */
export async function hasUntold(executor: Executor, seconds: number): Promise<boolean> {
  const { rows } = await executor.raw(
    `select exists (select from alerts
                     where state = 'firing' and told <> state
                       and fired_at < clock_timestamp() - make_interval(secs => :seconds)) as "isUntold"`,
    { seconds },
  );
  return z.object({ isUntold: z.boolean() }).parse(rows[0]).isUntold;
}

const listedRow = z.object({
  id: z.uuid(),
  name: z.string(),
  severity: z.enum(['page', 'ticket']),
  summary: z.string(),
  runbook: z.string(),
  state: z.enum(['firing', 'cleared']),
  firedAt: z.date(),
  clearedAt: z.date().nullable(),
});
export type ListedAlert = z.output<typeof listedRow>;

/** What fires, and what has cleared within a day; latest first. */
export async function listAlerts(executor: Executor): Promise<ListedAlert[]> {
  const { rows } = await executor.raw(
    `select id, name, severity, summary, runbook, state, fired_at as "firedAt",
            cleared_at as "clearedAt"
       from alerts
      where state = 'firing'
         or (state = 'cleared' and cleared_at > now() - interval '1 day')
      order by (state = 'firing') desc, fired_at desc
      limit 200`,
  );
  return z.array(listedRow).parse(rows);
}
