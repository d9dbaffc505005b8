import {
  auditList,
  auditQuery,
  organizationBody,
  organizationView,
} from '@liventix/contracts/api/admin';
import { listAudit } from '@liventix/domain/access/audit-repository';
import {
  getOrganization,
  type Organization,
  updateOrganization,
} from '@liventix/domain/access/organization-repository';
import type { HttpApp } from '@liventix/shared/http';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';

const tag = 'Organization';

export function organizationRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/organization',
    action: 'read',
    summary: 'The organization that the caller belongs to',
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
    querystring: auditQuery,
    answers: { 200: auditList },
    handler: async ({ credential: { organizationId }, query }) => {
      const entries = await listAudit(deps.db.pool, { organizationId, ...query });
      return {
        entries: entries.map((entry) => ({
          id: entry.id,
          at: entry.at.toISOString(),
          actor_type: entry.actorType,
          actor_id: entry.actorId,
          actor: entry.actor,
          action: entry.action,
          object_type: entry.objectType,
          object_id: entry.objectId,
          facts: entry.facts,
          details: entry.details,
        })),
      };
    },
  });
}

function organizationOf({ contactEmail, ...organization }: Organization) {
  return { ...organization, contact_email: contactEmail };
}
