import assert from 'node:assert/strict';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { eventWideKinds } from './batch.ts';
import type { Email, RenderedEmail } from './email.ts';
import { emailColumns, emailRow } from './email-repository.ts';

/** How many mails wait for their first try; no more than `most` are counted. */
export async function countWaiting(executor: Executor, most: number): Promise<number> {
  const { rows } = await executor.raw(
    `select count(*)::int as waiting
       from (select 1 from emails
              where status = 'queued' and first_attempt_at is null
              limit :most) w`,
    { most },
  );
  return z.object({ waiting: z.int() }).parse(rows[0]).waiting;
}

/**
 * Locks mails that may go with this one: the oldest that nobody tried or works on, and of those that
 * everybody of an event gets, or of all.
 */
export async function lockCompanions(
  tx: Transaction,
  of: { readonly emailId: string; readonly onlyEventWide: boolean; readonly limit: number },
): Promise<Email[]> {
  const { rows } = await tx.raw(
    `select ${emailColumns}
       from emails
      where status = 'queued' and first_attempt_at is null and rendered_at is null
        and batch_id is null and recipient is not null and id <> :emailId
        and (not :onlyEventWide::boolean or kind = any (:eventWide::text[]))
      order by created_at
      limit :limit
        for update skip locked`,
    { ...of, eventWide: [...eventWideKinds] },
  );
  return z.array(emailRow).parse(rows);
}

/** Keeps what will be sent together, in which order, before the provider is first called. */
export async function markBatched(
  tx: Transaction,
  batch: {
    readonly batchId: string;
    readonly mails: readonly { readonly emailId: string; readonly rendered: RenderedEmail }[];
  },
): Promise<void> {
  const rows = batch.mails.map(({ emailId, rendered }, position) => ({
    id: emailId,
    position,
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
  }));
  const { rowCount } = await tx.raw(
    `update emails m
        set status = 'queued', subject = r.subject, html = r.html, body_text = r.text,
            rendered_at = now(), first_attempt_at = clock_timestamp(),
            batch_id = :batchId, batch_position = r.position
       from json_to_recordset(:rows::json)
         as r (id uuid, position int, subject text, html text, text text)
      where m.id = r.id and m.status in ('queued', 'withheld') and m.batch_id is null`,
    { batchId: batch.batchId, rows: JSON.stringify(rows) },
  );
  assert.equal(rowCount, rows.length, `mails of batch ${batch.batchId} are not to be sent`);
}

/** The mails of a batch in its order, whatever became of them. */
export async function readBatch(executor: Executor, batchId: string): Promise<Email[]> {
  const { rows } = await executor.raw(
    `select ${emailColumns} from emails where batch_id = :batchId order by batch_position`,
    { batchId },
  );
  return z.array(emailRow).parse(rows);
}

/** The provider took these. What it has told of them meanwhile stays. */
export async function markBatchSent(
  tx: Transaction,
  taken: readonly { readonly emailId: string; readonly providerId: string }[],
): Promise<void> {
  await tx.raw(
    `update emails m
        set status = 'sent', provider_id = r.provider, sent_at = clock_timestamp(), error = null
       from unnest(:ids::uuid[], :providerIds::text[]) as r (id, provider)
      where m.id = r.id and m.status = 'queued'`,
    {
      ids: taken.map(({ emailId }) => emailId),
      providerIds: taken.map(({ providerId }) => providerId),
    },
  );
}

/** Nothing of the batch was sent: each of its mails is sent on its own, and as it was rendered. */
export async function dissolveBatch(tx: Transaction, batchId: string): Promise<string[]> {
  const { rows } = await tx.raw(
    `update emails
        set batch_id = null, batch_position = null, first_attempt_at = null
      where batch_id = :batchId and status = 'queued'
      returning id`,
    { batchId },
  );
  return z
    .array(z.object({ id: z.uuid() }))
    .parse(rows)
    .map(({ id }) => id);
}
