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
 * Takes the turn to look, unless somebody has within this time: the moment of the look, or undefined.
 * The row stays locked for the transaction, so that there is one watch however many watch.
 */
export async function takeTurn(tx: Transaction, everyMs: number): Promise<Date | undefined> {
  const { rows } = await tx.raw(
    `update watch_state set looked_at = clock_timestamp()
      where only_one in (
              select only_one from watch_state
               where looked_at < clock_timestamp() - make_interval(secs => :everyMs::float8 / 1000)
                 for update skip locked)
     returning looked_at as "lookedAt"`,
    { everyMs },
  );
  return z.object({ lookedAt: z.date() }).optional().parse(rows[0])?.lookedAt;
}

const markRow = z.object({ mark: z.string().nullable(), lostSeconds: z.number().nullable() });

/** What Redis was marked with, and how long ago it was found without. */
export async function readRedisMark(executor: Executor): Promise<z.output<typeof markRow>> {
  const { rows } = await executor.raw(
    `select redis_mark as mark,
            extract(epoch from clock_timestamp() - redis_lost_at)::float8 as "lostSeconds"
       from watch_state`,
  );
  return markRow.parse(rows[0]);
}

/** Remembers another mark; `hasLost` when Redis had one before. */
export async function setRedisMark(
  executor: Executor,
  { mark, hasLost }: { readonly mark: string; readonly hasLost: boolean },
): Promise<void> {
  await executor.raw(
    `update watch_state
        set redis_mark = :mark,
            redis_lost_at = case when :hasLost then clock_timestamp() else redis_lost_at end`,
    { mark, hasLost },
  );
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

/** Locks an alert whose state nobody was told of; one that somebody else is telling is passed over. */
export async function lockUntold(
  tx: Transaction,
  but: readonly string[],
): Promise<Untold | undefined> {
  const { rows } = await tx.raw(
    `select id, name, severity, summary, runbook, state from alerts
      where told <> state and state <> 'pending' and not (id = any(:but::uuid[]))
        and not (told = 'nothing' and state = 'cleared' and cleared_at < now() - interval '1 hour')
      order by fired_at limit 1 for update skip locked`,
    { but: [...but] },
  );
  return untoldRow.optional().parse(rows[0]);
}

export async function markTold(tx: Transaction, { id, state }: Untold): Promise<void> {
  await tx.raw('update alerts set told = :state, told_at = clock_timestamp() where id = :id', {
    id,
    state,
  });
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
