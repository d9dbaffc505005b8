import type { Executor, Transaction } from '@liventix/shared/db';
import { withoutAddresses } from '@liventix/shared/errors';
import { z } from 'zod';
import type { Viewer } from '#access/viewer';
import { openIncident, resolveIncidentsOf } from '#incidents/incident-repository';

const ownerRow = z.object({
  organizationId: z.guid().nullable(),
  orderId: z.guid().nullable(),
});

/**
 * Compare-and-set: only an open message dies, and a person is told in the same transaction. Whose it is
 * is written down then, since it decides who sees it.
 */
export async function markMessageDead(
  tx: Transaction,
  message: { readonly messageId: string; readonly jobName: string; readonly error: string },
): Promise<boolean> {
  const { rows } = await tx.raw(
    `with about as (
       select a.organization_id, a.order_id
         from outbox m cross join lateral about_message(m.payload) a
        where m.id = :messageId
     )
     update outbox
        set dead_at = clock_timestamp(), leased_until = null, error = left(:error, 2000),
            organization_id = (select organization_id from about),
            order_id = (select order_id from about)
      where id = :messageId and done_at is null and dead_at is null
     returning organization_id as "organizationId", order_id as "orderId"`,
    {
      messageId: message.messageId,
      error: withoutAddresses(message.error).replaceAll('\0', ''),
    },
  );
  const owner = ownerRow.optional().parse(rows[0]);
  if (owner === undefined) {
    return false;
  }
  await openIncident(tx, {
    organizationId: owner.organizationId,
    kind: 'message.dead',
    objectType: 'message',
    objectId: message.messageId,
    message: `The job ${message.jobName} will not be tried again. Mend the cause, then replay it.`,
    details: {
      jobName: message.jobName,
      ...(owner.orderId !== null && { orderId: owner.orderId }),
    },
  });
  return true;
}

/**
 * Opens a dead message again: its cause was mended. The relay finds it unsent and replaces whatever
 * Redis still holds under its id. One that was opened before is as it is: asking twice is asking once.
 * Unknown when who asks never saw such a dead message.
 */
export async function replayMessage(
  tx: Transaction,
  message: Viewer & { readonly messageId: string },
): Promise<'opened' | 'open' | 'unknown'> {
  const { organizationId, operates, messageId } = message;
  const { rowCount } = await tx.raw(
    `update outbox
        set dead_at = null, error = null, dispatched_at = null, leased_until = null
      where id = :messageId and dead_at is not null
        and (organization_id = :organizationId or organization_id is null and :operates)`,
    { organizationId, operates, messageId },
  );
  if (rowCount === 1) {
    await resolveIncidentsOf(tx, { objectType: 'message', objectId: messageId });
    return 'opened';
  }
  const { rows } = await tx.raw(
    `select 1 from outbox
      where id = :messageId
        and (organization_id = :organizationId or organization_id is null and :operates)`,
    { messageId, organizationId, operates },
  );
  return rows.length === 1 ? 'open' : 'unknown';
}

const deadRow = z.object({
  id: z.uuid(),
  name: z.string(),
  orderId: z.guid().nullable(),
  error: z.string().nullable(),
  createdAt: z.date(),
  deadAt: z.date(),
});

/** Messages that will not be tried again until somebody replays them, latest first. */
export async function listDeadMessages(
  executor: Executor,
  { organizationId, operates }: Viewer,
): Promise<z.output<typeof deadRow>[]> {
  const { rows } = await executor.raw(
    `select id, name, order_id as "orderId", error, created_at as "createdAt", dead_at as "deadAt"
       from outbox
      where dead_at is not null
        and (organization_id = :organizationId or organization_id is null and :operates)
      order by dead_at desc
      limit 200`,
    { organizationId, operates },
  );
  return z.array(deadRow).parse(rows);
}
