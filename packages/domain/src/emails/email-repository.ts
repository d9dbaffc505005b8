import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { withoutAddresses } from '@liventix/shared/errors';
import { z } from 'zod';
import { overdueMinutes } from './delivery.ts';
import { type Email, emailKinds, type RenderedEmail } from './email.ts';

/** A mail that is owed, once per dedupe key: a second request for it returns undefined. */
export async function insertEmail(
  tx: Transaction,
  email: {
    readonly organizationId: string;
    readonly orderId: string;
    readonly kind: 'order_confirmation';
    readonly dedupeKey: string;
    readonly recipient: string;
  },
): Promise<string | undefined> {
  const id = randomUUIDv7();
  const { rowCount } = await tx.raw(
    `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient)
     values (:id, :organizationId, :orderId, :kind, :dedupeKey, :recipient)
     on conflict (dedupe_key) do nothing`,
    { id, ...email },
  );
  return rowCount === 1 ? id : undefined;
}

const attachment = z.object({
  filename: z.string(),
  contentBase64: z.string(),
  contentType: z.string(),
  contentId: z.string().exactOptional(),
});

export const emailRow = z
  .object({
    id: z.uuid(),
    orderId: z.uuid().nullable(),
    organizationId: z.uuid(),
    kind: z.enum(emailKinds),
    facts: z.unknown(),
    recipient: z.string().nullable(),
    status: z.enum([
      'queued',
      'withheld',
      'sent',
      'delivered',
      'bounced',
      'complained',
      'failed',
      'suppressed',
    ]),
    subject: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    attachments: z.array(attachment),
    sinceFirstAttemptMs: z.int().nullable(),
    batchId: z.uuid().nullable(),
  })
  .transform(({ subject, html, text, attachments, ...email }): Email => {
    const isRendered = subject !== null && html !== null && text !== null;
    return {
      ...email,
      rendered: isRendered ? { subject, html, text, attachments } : undefined,
    };
  });

export const emailColumns = `id, order_id as "orderId", organization_id as "organizationId", kind,
  facts, recipient, status, subject, html, body_text as text, attachments, batch_id as "batchId",
  (extract(epoch from clock_timestamp() - first_attempt_at) * 1000)::bigint
    as "sinceFirstAttemptMs"`;

/** Locks the mail, then reads it as of after the wait. */
export async function lockEmail(tx: Transaction, emailId: string): Promise<Email | undefined> {
  await tx.raw('select 1 from emails where id = :emailId for update', { emailId });
  const { rows } = await tx.raw(`select ${emailColumns} from emails where id = :emailId`, {
    emailId,
  });
  return rows[0] === undefined ? undefined : emailRow.parse(rows[0]);
}

/** Keeps what will be sent and when the provider is first called, before it is called. */
export async function markEmailAttempted(
  tx: Transaction,
  emailId: string,
  rendered: RenderedEmail,
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update emails
        set status = 'queued', subject = :subject, html = :html, body_text = :text,
            attachments = :attachments::jsonb, rendered_at = coalesce(rendered_at, now()),
            first_attempt_at = coalesce(first_attempt_at, clock_timestamp())
      where id = :emailId and status in ('queued', 'withheld')`,
    {
      emailId,
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      attachments: JSON.stringify(rendered.attachments),
    },
  );
  assert.equal(rowCount, 1, `mail ${emailId} is not to be sent`);
}

/** The provider said that it took nothing: the life of the key has not begun. */
export async function markNotAttempted(
  tx: Transaction,
  emailIds: readonly string[],
): Promise<void> {
  await tx.raw(
    `update emails set first_attempt_at = null
      where id = any (:emailIds::uuid[]) and status = 'queued'`,
    { emailIds: [...emailIds] },
  );
}

/** The provider took it. A second run of the same call finds it sent and changes nothing. */
export async function markEmailSent(
  tx: Transaction,
  emailId: string,
  providerId: string,
): Promise<void> {
  await tx.raw(
    `update emails
        set status = 'sent', provider_id = :providerId, sent_at = clock_timestamp(), error = null
      where id = :emailId and status = 'queued'`,
    { emailId, providerId },
  );
}

export async function markEmailWithheld(tx: Transaction, emailId: string): Promise<void> {
  await tx.raw(`update emails set status = 'withheld' where id = :emailId and status = 'queued'`, {
    emailId,
  });
}

export async function markEmailFailed(
  tx: Transaction,
  emailId: string,
  error: string,
): Promise<void> {
  await tx.raw(
    `update emails
        set status = 'failed', error = left(:error, 2000)
      where id = :emailId and status in ('queued', 'withheld')`,
    { emailId, error: withoutAddresses(error) },
  );
}

/** Mails that waited for a key become queued again; the caller enqueues them. */
export async function requeueWithheld(tx: Transaction, limit: number): Promise<string[]> {
  const { rows } = await tx.raw(
    `update emails
        set status = 'queued'
      where id in (select id from emails
                    where status = 'withheld'
                    order by created_at
                    limit :limit
                      for update skip locked)
      returning id`,
    { limit },
  );
  return z
    .array(z.object({ id: z.uuid() }))
    .parse(rows)
    .map((row) => row.id);
}

const mailView = z.object({
  kind: z.string(),
  status: z.string(),
  providerId: z.string().nullable(),
  recipient: z.string().nullable(),
  /** Nobody has heard of it for ten minutes. */
  isOverdue: z.boolean(),
});

/** Mails to the buyer: what the organizer is told of a dispute is not theirs to see. */
export async function listOrderEmails(
  executor: Executor,
  orderId: string,
): Promise<z.output<typeof mailView>[]> {
  const { rows } = await executor.raw(
    `select kind, status, provider_id as "providerId", recipient,
            status in ('queued', 'sent')
              and created_at < clock_timestamp() - make_interval(mins => :overdueMinutes)
              as "isOverdue"
       from emails
      where order_id = :orderId and kind <> 'dispute_opened'
      order by id
      limit 100`,
    { orderId, overdueMinutes },
  );
  return z.array(mailView).parse(rows);
}
