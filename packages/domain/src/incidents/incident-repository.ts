import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

export interface NewIncident {
  readonly organizationId?: string | null;
  /** What is wrong, as `noun.reason`: the runbook has a section for each kind. */
  readonly kind: string;
  readonly objectType:
    | 'order'
    | 'payment'
    | 'refund'
    | 'dispute'
    | 'balance_transaction'
    | 'email'
    | 'message'
    | 'stripe_event'
    | 'ticket'
    | 'organization'
    | 'provider'
    | 'invariant';
  readonly objectId: string;
  /** What happened, to what, and what to do. Ids only: no person's data. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Opens an incident, or counts up the one that is open for the same kind and object. */
export async function openIncident(executor: Executor, incident: NewIncident): Promise<void> {
  await executor.raw(
    `insert into incidents (id, organization_id, kind, object_type, object_id, message, details)
     values (:id, :organizationId, :kind, :objectType, :objectId, :message, :details::jsonb)
     on conflict (kind, object_type, object_id) where resolved_at is null
     do update set last_seen_at = clock_timestamp(), seen = incidents.seen + 1`,
    {
      id: randomUUIDv7(),
      organizationId: incident.organizationId ?? null,
      kind: incident.kind,
      objectType: incident.objectType,
      objectId: incident.objectId,
      message: incident.message,
      details: JSON.stringify(incident.details ?? {}),
    },
  );
}

/**
 * Closes an incident of an organization, or of nobody in particular. Repeating is harmless; false
 * when there is no such incident.
 */
export async function resolveIncident(
  tx: Transaction,
  incident: { readonly organizationId: string; readonly incidentId: string },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update incidents
        set resolved_at = coalesce(resolved_at, clock_timestamp())
      where id = :incidentId and (organization_id = :organizationId or organization_id is null)`,
    incident,
  );
  return rowCount === 1;
}

/** Closes what is open about one object: its cause was mended. */
export async function resolveIncidentsOf(
  tx: Transaction,
  object: { readonly objectType: NewIncident['objectType']; readonly objectId: string },
): Promise<void> {
  await tx.raw(
    `update incidents
        set resolved_at = clock_timestamp()
      where object_type = :objectType and object_id = :objectId and resolved_at is null`,
    object,
  );
}

const incidentRow = z.object({
  id: z.uuid(),
  kind: z.string(),
  objectType: z.string(),
  objectId: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
  openedAt: z.date(),
  seen: z.int(),
});
export type Incident = z.output<typeof incidentRow>;

/** Open incidents an organization may see: its own, and those of nobody in particular. */
export async function listOpenIncidents(
  executor: Executor,
  organizationId: string,
): Promise<Incident[]> {
  const { rows } = await executor.raw(
    `select id, kind, object_type as "objectType", object_id as "objectId", message, details,
            opened_at as "openedAt", seen
       from incidents
      where resolved_at is null
        and (organization_id = :organizationId or organization_id is null)
      order by opened_at
      limit 200`,
    { organizationId },
  );
  return z.array(incidentRow).parse(rows);
}
