import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { actions, roles } from './access.ts';

const organizationRow = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  contactEmail: z.string().nullable(),
});
export type Organization = z.output<typeof organizationRow>;

export async function getOrganization(
  executor: Executor,
  organizationId: string,
): Promise<Organization> {
  const { rows } = await executor.raw(
    `select id, slug, name, contact_email as "contactEmail"
       from organizations
      where id = :organizationId`,
    { organizationId },
  );
  return organizationRow.parse(rows[0]);
}

/** Names an organization anew. Its address is changed when one is given, and null takes it away. */
export async function updateOrganization(
  tx: Transaction,
  change: {
    readonly organizationId: string;
    readonly name: string;
    readonly contactEmail: string | null | undefined;
  },
): Promise<void> {
  const { organizationId, name, contactEmail = null } = change;
  await tx.raw(
    `update organizations
        set name = :name,
            contact_email = case when :keepsContact then contact_email else :contactEmail end
      where id = :organizationId`,
    { organizationId, name, contactEmail, keepsContact: change.contactEmail === undefined },
  );
}

const keyRow = z.object({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(roles),
  scopes: z.array(z.enum(actions)).nullable(),
  prefix: z.string(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
});
export type ListedApiKey = z.output<typeof keyRow>;

/** The keys of an organization, newest first. The keys themselves are kept nowhere. */
export async function listApiKeys(
  executor: Executor,
  organizationId: string,
): Promise<ListedApiKey[]> {
  const { rows } = await executor.raw(
    `select id, name, role, scopes, prefix, created_at as "createdAt", expires_at as "expiresAt",
            revoked_at as "revokedAt", last_used_at as "lastUsedAt"
       from api_keys
      where organization_id = :organizationId
      order by created_at desc, id
      limit 200`,
    { organizationId },
  );
  return z.array(keyRow).parse(rows);
}

/** Ends a key at once. Repeating is harmless; false when the organization has no such key. */
export async function revokeApiKey(
  tx: Transaction,
  key: { readonly organizationId: string; readonly apiKeyId: string },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update api_keys
        set revoked_at = coalesce(revoked_at, clock_timestamp())
      where id = :apiKeyId and organization_id = :organizationId`,
    key,
  );
  return rowCount === 1;
}
