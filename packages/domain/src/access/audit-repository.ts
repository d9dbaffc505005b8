import { createHash } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

export interface AuditEntry {
  readonly organizationId: string;
  readonly actorType: 'api_key' | 'user' | 'buyer' | 'system';
  readonly actorId: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  /** Ids and amounts only: what names a person does not belong into the chain. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** What names a person: kept apart, so that it can be erased and the chain still holds. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Appends to the audit log in the transaction of the act itself. */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  const { details, facts = {}, ...row } = entry;
  const { rows } = await tx.raw(
    `insert into audit_log (organization_id, actor_type, actor_id, action, object_type, object_id,
                            facts)
     values (:organizationId, :actorType, :actorId, :action, :objectType, :objectId,
             :facts::jsonb)
     returning id`,
    { ...row, facts: JSON.stringify(facts) },
  );
  if (details !== undefined) {
    await tx.raw('insert into audit_details (audit_id, details) values (:id, :details::jsonb)', {
      id: rows[0].id,
      details: JSON.stringify(details),
    });
  }
}

/**
 * Appends refusals, once an hour for those that are alike: a flood of them must not fill the log. How
 * many there were is counted by code in the metrics.
 */
export async function appendRefusals(
  tx: Transaction,
  {
    alike,
    entries,
  }: { readonly alike: readonly string[]; readonly entries: readonly AuditEntry[] },
): Promise<void> {
  const subject = createHash('sha256').update(alike.join('\0')).digest('hex');
  // Most end at the look, which writes nothing. Two that are the first meet at the row.
  const { rowCount } = await tx.raw(
    `insert into audit_refusals (subject, noted_at)
     select :subject, clock_timestamp()
      where not exists (select 1 from audit_refusals
                         where subject = :subject
                           and noted_at >= clock_timestamp() - interval '1 hour')
     on conflict (subject) do update set noted_at = excluded.noted_at
      where audit_refusals.noted_at < clock_timestamp() - interval '1 hour'`,
    { subject },
  );
  if (rowCount === 1) {
    for (const entry of entries) {
      await appendAudit(tx, entry);
    }
  }
}

const sealRow = z.object({ sealed: z.int() });
const headRow = z.object({ chainNo: z.coerce.number(), hash: z.string() });

/** Seals rows whose transactions have committed; how many, and where the chain ends now. */
export async function sealAudit(
  tx: Transaction,
  most: number,
): Promise<{ readonly sealed: number; readonly head: z.output<typeof headRow> | undefined }> {
  const { rows } = await tx.raw('select seal_audit(:most) as sealed', { most });
  const { sealed } = sealRow.parse(rows[0]);
  const { rows: heads } = await tx.raw(
    `select chain_no as "chainNo", hash from audit_log
      where chain_no is not null order by chain_no desc limit 1`,
  );
  return { sealed, head: headRow.optional().parse(heads[0]) };
}

const auditRow = z.object({
  id: z.coerce.number(),
  at: z.date(),
  actorType: z.string(),
  actorId: z.string(),
  actor: z.string().nullable(),
  action: z.string(),
  objectType: z.string(),
  objectId: z.string(),
  facts: z.record(z.string(), z.unknown()),
  /** What names people, until they are forgotten. */
  details: z.record(z.string(), z.unknown()).nullable(),
});
export type AuditRow = z.output<typeof auditRow>;

/** Acts a page. */
export const auditPageMax = 200;

/** The acts in an organization, newest first: all or those of one action, from before an act if one is given. */
export async function listAudit(
  executor: Executor,
  page: {
    readonly organizationId: string;
    readonly before?: number | undefined;
    readonly action?: string | undefined;
  },
): Promise<AuditRow[]> {
  const { organizationId, before = null, action = null } = page;
  const { rows } = await executor.raw(
    `select id, at, actor_type as "actorType", actor_id as "actorId",
            coalesce((select name from users u where a.actor_type = 'user' and u.id::text = a.actor_id),
                     (select name from api_keys k where a.actor_type = 'api_key' and k.id::text = a.actor_id)) as actor,
            action, object_type as "objectType", object_id as "objectId", facts,
            (select details from audit_details where audit_id = a.id) as details
       from audit_log a
      where organization_id = :organizationId
        and (:before::bigint is null or id < :before) and (:action::text is null or action = :action)
      order by id desc
      limit ${auditPageMax}`,
    { organizationId, before, action },
  );
  return z.array(auditRow).parse(rows);
}
