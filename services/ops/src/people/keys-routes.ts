import {
  apiKeyList,
  createApiKeyBody,
  newApiKeyView,
  revokedView,
} from '@liventix/contracts/api/people';
import {
  type ListedApiKey,
  listApiKeys,
  revokeApiKey,
} from '@liventix/domain/access/organization-repository';
import { createApiKey } from '@liventix/domain/access/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import { requireWithin } from '#access/within';
import type { Deps } from '#deps';

const params = z.object({ id: z.uuid() });
const tag = 'People and keys';

export function keysRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/api-keys',
    action: 'people.write',
    summary: 'Keys of the organization',
    tag,
    answers: { 200: apiKeyList },
    handler: async ({ credential }) => ({
      api_keys: (await listApiKeys(deps.db.pool, credential.organizationId)).map(keyView),
    }),
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/api-keys',
    action: 'people.write',
    summary: 'Make a key; it is shown this once',
    tag,
    body: createApiKeyBody,
    answers: { 201: newApiKeyView },
    handler: async ({ credential, body }) => {
      const { organizationId } = credential;
      const { name, role, scopes, expires_at: expiry } = body;
      requireWithin(credential, { role, scopes: scopes ?? null });
      return await deps.db.inTransaction(async (tx) => {
        const { apiKeyId, key } = await createApiKey(tx, {
          organizationId,
          name,
          role,
          ...(scopes !== undefined && { scopes }),
          ...(expiry !== undefined && { expiresAt: new Date(expiry) }),
        });
        await recordAct(tx, credential, {
          action: 'api_key.create',
          objectType: 'api_key',
          objectId: apiKeyId,
          facts: { role, ...(scopes !== undefined && { scopes }) },
        });
        return { id: apiKeyId, role, key };
      });
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/api-keys/:id/revoke',
    action: 'people.write',
    summary: 'End a key at once',
    tag,
    params,
    answers: { 200: revokedView },
    problems: ['api_key.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const isId = z.uuid().safeParse(id).success;
      const { organizationId } = credential;
      await deps.db.inTransaction(async (tx) => {
        if (!isId || !(await revokeApiKey(tx, { organizationId, apiKeyId: id }))) {
          throw notFound('api_key');
        }
        await recordAct(tx, credential, {
          action: 'api_key.revoke',
          objectType: 'api_key',
          objectId: id,
        });
      });
      return { id, status: 'revoked' as const };
    },
  });
}

function keyView(key: ListedApiKey) {
  const at = (time: Date | null) => time?.toISOString() ?? null;
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    scopes: key.scopes,
    prefix: key.prefix,
    created_at: key.createdAt.toISOString(),
    expires_at: at(key.expiresAt),
    revoked_at: at(key.revokedAt),
    last_used_at: at(key.lastUsedAt),
  };
}
