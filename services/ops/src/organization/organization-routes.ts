import {
  apiKeyList,
  auditList,
  createApiKeyBody,
  newApiKeyView,
  organizationBody,
  organizationView,
  revokedView,
} from '@liventix/contracts/api/admin';
import {
  getOrganization,
  type ListedApiKey,
  listApiKeys,
  listAudit,
  type Organization,
  revokeApiKey,
  updateOrganization,
} from '@liventix/domain/access/organization-repository';
import { createApiKey } from '@liventix/domain/access/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';

const params = z.object({ id: z.uuid() });
const tag = 'Organization';

export function organizationRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/organization',
    action: 'read',
    summary: 'The organization this key belongs to',
    tag,
    answers: { 200: organizationView },
    handler: async ({ credential }) =>
      organizationOf(await getOrganization(deps.db.pool, credential.organizationId)),
  });
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/organization',
    action: 'organization.write',
    summary: 'Rename the organization, and say where mails to it go',
    tag,
    body: organizationBody,
    answers: { 200: organizationView },
    handler: async ({ credential, body }) => {
      const { organizationId } = credential;
      await deps.db.inTransaction(async (tx) => {
        const { name, contact_email: contactEmail } = body;
        await updateOrganization(tx, { organizationId, name, contactEmail });
        await recordAct(tx, credential, {
          action: 'organization.change',
          objectType: 'organization',
          objectId: organizationId,
          facts: { changed: Object.keys(body) },
        });
      });
      return organizationOf(await getOrganization(deps.db.pool, organizationId));
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/audit-log',
    action: 'read',
    summary: 'Who did what, latest first',
    tag,
    answers: { 200: auditList },
    handler: async ({ credential }) => {
      const entries = await listAudit(deps.db.pool, credential.organizationId);
      return {
        entries: entries.map((entry) => ({
          at: entry.at.toISOString(),
          actor_type: entry.actorType,
          actor_id: entry.actorId,
          action: entry.action,
          object_type: entry.objectType,
          object_id: entry.objectId,
          facts: entry.facts,
        })),
      };
    },
  });
  keyRoutes(app, deps);
}

function keyRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/api-keys',
    action: 'organization.write',
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
    action: 'organization.write',
    summary: 'Make a key; it is shown this once',
    tag,
    body: createApiKeyBody,
    answers: { 201: newApiKeyView },
    handler: async ({ credential, body }) => {
      const { organizationId } = credential;
      const { name, role, expires_at } = body;
      const expiry = expires_at === undefined ? {} : { expiresAt: new Date(expires_at) };
      return await deps.db.inTransaction(async (tx) => {
        const { apiKeyId, key } = await createApiKey(tx, { organizationId, name, role, ...expiry });
        await recordAct(tx, credential, {
          action: 'api_key.create',
          objectType: 'api_key',
          objectId: apiKeyId,
          facts: { role },
        });
        return { id: apiKeyId, role, key };
      });
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/api-keys/:id/revoke',
    action: 'organization.write',
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

function organizationOf({ contactEmail, ...organization }: Organization) {
  return { ...organization, contact_email: contactEmail };
}

function keyView(key: ListedApiKey) {
  const at = (time: Date | null) => time?.toISOString() ?? null;
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    prefix: key.prefix,
    created_at: key.createdAt.toISOString(),
    expires_at: at(key.expiresAt),
    revoked_at: at(key.revokedAt),
    last_used_at: at(key.lastUsedAt),
  };
}
