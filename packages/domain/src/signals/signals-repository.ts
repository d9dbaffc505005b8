import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { awaitingTickets } from '#orders/awaiting-tickets';

const outboxRow = z.object({ queue: z.string(), open: z.int(), oldestSeconds: z.number() });
export type OutboxSignal = z.output<typeof outboxRow>;

/** Messages that are not done, by queue, and how long the oldest has waited. */
export async function readOpenMessages(executor: Executor): Promise<OutboxSignal[]> {
  const { rows } = await executor.raw(
    `select queue, count(*)::int as open,
            extract(epoch from clock_timestamp() - min(created_at))::float8 as "oldestSeconds"
       from outbox
      where done_at is null and dead_at is null
      group by queue`,
  );
  return z.array(outboxRow).parse(rows);
}

const businessRow = z.object({
  holdsActive: z.int(),
  holdsOverdueSeconds: z.number(),
  paidWithoutTickets: z.int(),
  paidWithoutTicketsSeconds: z.number(),
  /** Those of them that an objective calls late: docs/slo.md. */
  paidLate: z.int(),
  eventsOpen: z.int(),
  eventsOpenSeconds: z.number(),
  messagesDead: z.int(),
});
export type BusinessSignals = z.output<typeof businessRow>;

/**
 * What a person on duty has to know within a minute, in one statement of which each part reads an index
 * of what is under way, and so does not grow with what was sold.
 */
export async function readBusinessSignals(executor: Executor): Promise<BusinessSignals> {
  const { rows } = await executor.raw(
    `select h.active as "holdsActive", h.overdue as "holdsOverdueSeconds",
            o.paid as "paidWithoutTickets", o.waiting as "paidWithoutTicketsSeconds", o.late as "paidLate",
            e.open as "eventsOpen", e.waiting as "eventsOpenSeconds", d.dead as "messagesDead"
       from (select count(*)::int as active,
                    greatest(0, coalesce(${secondsSince('min(expires_at)')}, 0)) as overdue
               from ticket_holds where status = 'active') h,
            (select count(*)::int as paid, coalesce(${secondsSince('min(since)')}, 0) as waiting,
                    (count(*) filter (where since < clock_timestamp() - interval '10 seconds'))::int as late
               from (${awaitingTickets}) waiting) o,
            (select count(*)::int as open, coalesce(${secondsSince('min(received_at)')}, 0) as waiting
               from stripe_events where processed_at is null) e,
            (select count(*)::int as dead from outbox
              where dead_at is not null and done_at is null) d`,
  );
  return businessRow.parse(rows[0]);
}

function secondsSince(moment: string): string {
  return `extract(epoch from clock_timestamp() - ${moment})::float8`;
}

const incidentRow = z.object({ kind: z.string(), open: z.int() });

/** Open incidents of all organizations, by kind. */
export async function countOpenIncidents(
  executor: Executor,
): Promise<z.output<typeof incidentRow>[]> {
  const { rows } = await executor.raw(
    `select kind, count(*)::int as open from incidents where resolved_at is null group by kind`,
  );
  return z.array(incidentRow).parse(rows);
}
