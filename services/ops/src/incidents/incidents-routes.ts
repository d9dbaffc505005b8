import { incidentList, resolvedView, resolveIncidentBody } from '@liventix/contracts/api/admin';
import { listOpenIncidents, resolveIncident } from '@liventix/domain/incidents/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';

const params = z.object({ id: z.uuid() });
const tag = 'Incidents';

export function incidentsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/incidents',
    action: 'read',
    summary: 'What needs a person, oldest first',
    tag,
    answers: { 200: incidentList },
    handler: async ({ credential }) => {
      const incidents = await listOpenIncidents(deps.db.pool, credential.organizationId);
      return {
        incidents: incidents.map(({ objectType, objectId, openedAt, ...incident }) => ({
          ...incident,
          object_type: objectType,
          object_id: objectId,
          opened_at: openedAt.toISOString(),
        })),
      };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/incidents/:id/resolve',
    action: 'orders.mend',
    summary: 'Say that an incident is dealt with',
    tag,
    params,
    body: resolveIncidentBody,
    answers: { 200: resolvedView },
    problems: ['incident.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const isId = z.uuid().safeParse(id).success;
      const { organizationId } = credential;
      await deps.db.inTransaction(async (tx) => {
        if (!isId || !(await resolveIncident(tx, { organizationId, incidentId: id }))) {
          throw notFound('incident');
        }
        await recordAct(tx, credential, {
          action: 'incident.resolve',
          objectType: 'incident',
          objectId: id,
          details: { note: body.note },
        });
      });
      return { id, status: 'resolved' as const };
    },
  });
}
