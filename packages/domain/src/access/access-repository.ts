import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { type Role, roles } from './access.ts';

/** The organization with this slug, made when there is none. */
export async function ensureOrganization(
  executor: Executor,
  organization: { readonly slug: string; readonly name: string },
): Promise<{ organizationId: string }> {
  await executor.raw(
    `insert into organizations (id, slug, name) values (:id, :slug, :name)
     on conflict (slug) do nothing`,
    { id: randomUUIDv7(), ...organization },
  );
  const { rows } = await executor.raw(
    'select id as "organizationId" from organizations where slug = :slug',
    { slug: organization.slug },
  );
  return z.object({ organizationId: z.uuid() }).parse(rows[0]);
}

/** 256 random bits need no slow hash: there is nothing to guess. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Makes an API key. The key itself is returned once and kept nowhere. */
export async function createApiKey(
  executor: Executor,
  input: {
    readonly organizationId: string;
    readonly name: string;
    readonly role: Role;
    readonly expiresAt?: Date;
  },
): Promise<{ apiKeyId: string; key: string }> {
  const apiKeyId = randomUUIDv7();
  const key = `lvx_${randomBytes(32).toString('base64url')}`;
  await executor.raw(
    `insert into api_keys (id, organization_id, name, role, prefix, key_hash, expires_at)
     values (:apiKeyId, :organizationId, :name, :role, :prefix, :hash, :expiresAt)`,
    {
      apiKeyId,
      ...input,
      expiresAt: input.expiresAt ?? null,
      prefix: key.slice(0, 8),
      hash: hashOf(key),
    },
  );
  return { apiKeyId, key };
}

const credentialRow = z.object({
  apiKeyId: z.uuid(),
  organizationId: z.uuid(),
  role: z.enum(roles),
});
export type Credential = z.output<typeof credentialRow>;

/** Who a key is, unless it is unknown, expired or revoked. Its use is noted once a minute. */
export async function findApiKey(executor: Executor, key: string): Promise<Credential | undefined> {
  const { rows } = await executor.raw(
    `select id as "apiKeyId", organization_id as "organizationId", role,
            last_used_at is null or last_used_at < now() - interval '1 minute' as "isStale"
       from api_keys
      where key_hash = :hash and revoked_at is null
        and (expires_at is null or expires_at > now())`,
    { hash: hashOf(key) },
  );
  const found = credentialRow.extend({ isStale: z.boolean() }).optional().parse(rows[0]);
  if (found?.isStale) {
    await executor.raw('update api_keys set last_used_at = now() where id = :apiKeyId', {
      apiKeyId: found.apiKeyId,
    });
  }
  return found;
}

export interface AuditEntry {
  readonly organizationId: string;
  readonly actorType: 'api_key' | 'buyer' | 'system';
  readonly actorId: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  /** Ids and amounts only: what names a person does not belong into the chain. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Appends to the audit log in the transaction of the act itself. */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.raw(
    `insert into audit_log (organization_id, actor_type, actor_id, action, object_type, object_id,
                            facts)
     values (:organizationId, :actorType, :actorId, :action, :objectType, :objectId,
             :facts::jsonb)`,
    { ...entry, facts: JSON.stringify(entry.facts ?? {}) },
  );
}
