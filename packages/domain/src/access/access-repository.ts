import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { type Action, actions, type Holder, type Role, roles } from './access.ts';

/** The organization with this slug, made when there is none. The first one operates the machine. */
export async function ensureOrganization(
  executor: Executor,
  organization: { readonly slug: string; readonly name: string },
): Promise<{ organizationId: string }> {
  await executor.raw(
    `insert into organizations (id, slug, name) values (:id, :slug, :name)
     on conflict (slug) do nothing`,
    { id: randomUUIDv7(), ...organization },
  );
  await executor.raw(
    `update organizations set operates = true
      where id = (select id from organizations order by created_at, id limit 1)
        and not exists (select 1 from organizations where operates)`,
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
    /** What of the role it may do; without, all of it. */
    readonly scopes?: readonly Action[];
  },
): Promise<{ apiKeyId: string; key: string }> {
  const apiKeyId = randomUUIDv7();
  const key = `lvx_${randomBytes(32).toString('base64url')}`;
  await executor.raw(
    `insert into api_keys (id, organization_id, name, role, prefix, key_hash, expires_at, scopes)
     values (:apiKeyId, :organizationId, :name, :role, :prefix, :hash, :expiresAt, :scopes::text[])`,
    {
      apiKeyId,
      ...input,
      scopes: input.scopes === undefined ? null : [...input.scopes],
      expiresAt: input.expiresAt ?? null,
      prefix: key.slice(0, 8),
      hash: hashOf(key),
    },
  );
  return { apiKeyId, key };
}

const keyRow = z.object({
  apiKeyId: z.uuid(),
  organizationId: z.uuid(),
  role: z.enum(roles),
  scopes: z.array(z.enum(actions)).nullable(),
  operates: z.boolean(),
});

/** Who asks, a key or a person who is logged in, and for which organization. */
export interface Credential extends Holder {
  readonly actorType: 'api_key' | 'user';
  readonly actorId: string;
  readonly organizationId: string;
  /** Whether their organization looks after the machine, with the queues of all. */
  readonly operates: boolean;
}

/** Who a key is, unless it is unknown, expired or revoked. Its use is noted once a minute. */
export async function findApiKey(executor: Executor, key: string): Promise<Credential | undefined> {
  const { rows } = await executor.raw(
    `select k.id as "apiKeyId", organization_id as "organizationId", role, scopes, o.operates,
            last_used_at is null or last_used_at < now() - interval '1 minute' as "isStale"
       from api_keys k join organizations o on o.id = k.organization_id
      where key_hash = :hash and revoked_at is null
        and (expires_at is null or expires_at > now())`,
    { hash: hashOf(key) },
  );
  const found = keyRow.extend({ isStale: z.boolean() }).optional().parse(rows[0]);
  if (found?.isStale) {
    await executor.raw('update api_keys set last_used_at = now() where id = :apiKeyId', {
      apiKeyId: found.apiKeyId,
    });
  }
  return found && { ...found, actorType: 'api_key', actorId: found.apiKeyId };
}
