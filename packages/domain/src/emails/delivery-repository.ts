import type { Executor, Transaction } from '@liventix/shared/db';
import { withoutAddresses } from '@liventix/shared/errors';
import { z } from 'zod';
import { impersonal } from '#inbox/impersonal';
import { observeProcessed } from '#inbox/processing-repository';
import { overdueMinutes } from './delivery.ts';
import type { EmailStatus } from './email.ts';

/** Stores an event of Resend's by its delivery's own id, without whom it names. False when it is known. */
export async function insertResendEvent(
  tx: Transaction,
  event: { readonly id: string; readonly type: string; readonly payload: unknown },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `insert into resend_events (id, type, payload) values (:id, :type, :payload::jsonb)
     on conflict (id) do nothing`,
    { ...event, payload: JSON.stringify(impersonal(event.payload)) },
  );
  return rowCount === 1;
}

export async function findResendEvent(
  executor: Executor,
  eventId: string,
): Promise<unknown | undefined> {
  const { rows } = await executor.raw('select payload from resend_events where id = :eventId', {
    eventId,
  });
  return z.object({ payload: z.unknown() }).optional().parse(rows[0])?.payload;
}

export async function markResendEventProcessed(tx: Transaction, eventId: string): Promise<void> {
  const { rows } = await tx.raw(
    `update resend_events set processed_at = clock_timestamp()
      where id = :eventId and processed_at is null
     returning type, extract(epoch from processed_at - received_at)::float8 as seconds`,
    { eventId },
  );
  observeProcessed(tx, 'resend', rows);
}

/** Writes down what became of a mail, under its lock. */
export async function recordFate(
  tx: Transaction,
  fate: {
    readonly emailId: string;
    readonly status: EmailStatus;
    readonly reason: string | null;
    readonly providerId: string | null;
  },
): Promise<void> {
  await tx.raw(
    `update emails
        set status = :status, fate_reason = left(:reason, 500),
            provider_id = coalesce(provider_id, :providerId),
            sent_at = coalesce(sent_at, clock_timestamp()),
            delivered_at = case when :status = 'delivered' then clock_timestamp()
                                else delivered_at end
      where id = :emailId`,
    { ...fate, reason: fate.reason === null ? null : withoutAddresses(fate.reason) },
  );
}

export async function recordDelay(tx: Transaction, emailId: string): Promise<void> {
  await tx.raw(
    `update emails set delayed_at = coalesce(delayed_at, clock_timestamp())
      where id = :emailId and status in ('queued', 'sent')`,
    { emailId },
  );
}

/** From now on nothing is sent there. */
export async function suppress(
  tx: Transaction,
  suppressed: {
    readonly recipient: string;
    readonly reason: 'bounced' | 'complained' | 'suppressed';
    readonly emailId: string;
  },
): Promise<void> {
  await tx.raw(
    `insert into email_suppressions (recipient, reason, email_id)
     values (lower(:recipient), :reason, :emailId)
     on conflict (recipient) do nothing`,
    suppressed,
  );
}

/** Whether an address takes no mail. */
export async function isSuppressed(executor: Executor, recipient: string): Promise<boolean> {
  const { rows } = await executor.raw(
    'select 1 from email_suppressions where recipient = lower(:recipient)',
    { recipient },
  );
  return rows.length > 0;
}

const rateRow = z.object({
  hour: z.date(),
  kind: z.string(),
  sent: z.int(),
  delivered: z.int(),
  lost: z.int(),
  waiting: z.int(),
});
export type DeliveryRate = z.output<typeof rateRow>;

/** How mails of an organization fared since then, by kind and hour, newest first. */
export async function readDeliveryRates(
  executor: Executor,
  of: { readonly organizationId: string; readonly hours: number },
): Promise<DeliveryRate[]> {
  const { rows } = await executor.raw(
    `select date_trunc('hour', created_at) as hour, kind, count(*)::int as sent,
            count(*) filter (where status = 'delivered')::int as delivered,
            count(*) filter (where status in ('bounced', 'complained', 'failed', 'suppressed'))::int
              as lost,
            count(*) filter (where status in ('queued', 'withheld', 'sent'))::int as waiting
       from emails
      where organization_id = :organizationId
        and created_at > clock_timestamp() - make_interval(hours => :hours::integer)
      group by hour, kind
      order by hour desc, kind`,
    of,
  );
  return z.array(rateRow).parse(rows);
}

/** What became of the newest confirmation of an order, and whether nobody has heard of it for long. */
export async function findLastConfirmation(
  executor: Executor,
  orderId: string,
): Promise<{ readonly status: EmailStatus; readonly isOverdue: boolean } | undefined> {
  const { rows } = await executor.raw(
    `select status, status in ('queued', 'sent')
              and created_at < clock_timestamp() - make_interval(mins => :overdueMinutes)
              as "isOverdue"
       from emails
      where order_id = :orderId and kind = 'order_confirmation'
      order by created_at desc, id desc
      limit 1`,
    { orderId, overdueMinutes },
  );
  const status = z.enum([
    'queued',
    'withheld',
    'sent',
    'delivered',
    'bounced',
    'complained',
    'failed',
    'suppressed',
  ]);
  return z.object({ status, isOverdue: z.boolean() }).optional().parse(rows[0]);
}

/** Confirmations of an order that did not arrive. */
export async function listLostConfirmations(
  executor: Executor,
  orderId: string,
): Promise<string[]> {
  const { rows } = await executor.raw(
    `select id from emails
      where order_id = :orderId and kind = 'order_confirmation'
        and status in ('bounced', 'complained', 'failed', 'suppressed')
      limit 100`,
    { orderId },
  );
  return z
    .array(z.object({ id: z.uuid() }))
    .parse(rows)
    .map(({ id }) => id);
}
