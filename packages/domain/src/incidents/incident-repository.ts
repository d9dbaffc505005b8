import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Viewer } from '#access/viewer';

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

/** Closes an incident. Repeating is harmless; false when who asks sees no such incident. */
export async function resolveIncident(
  tx: Transaction,
  { organizationId, operates, incidentId }: Viewer & { readonly incidentId: string },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update incidents
        set resolved_at = coalesce(resolved_at, clock_timestamp())
      where id = :incidentId
        and (organization_id = :organizationId or organization_id is null and :operates)`,
    { organizationId, operates, incidentId },
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

/** Open incidents, oldest first. */
export async function listOpenIncidents(
  executor: Executor,
  { organizationId, operates }: Viewer,
): Promise<Incident[]> {
  const { rows } = await executor.raw(
    `select id, kind, object_type as "objectType", object_id as "objectId", message, details,
            opened_at as "openedAt", seen
       from incidents
      where resolved_at is null
        and (organization_id = :organizationId or organization_id is null and :operates)
      order by opened_at
      limit 200`,
    { organizationId, operates },
  );
  return z.array(incidentRow).parse(rows);
}
