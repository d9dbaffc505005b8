import { alertList } from '@liventix/contracts/api/alerts';
import { type ListedAlert, listAlerts } from '@liventix/domain/alerts/alert-repository';
import type { HttpApp } from '@liventix/shared/http';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';

export function alertsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/alerts',
    action: 'read',
    summary: 'What is wrong now, and what was within a day',
    description:
      'For the organization that looks after the machine; for others the list is empty. docs/runbook.md says what to do about each.',
    tag: 'Alerts',
    answers: { 200: alertList },
    handler: async ({ credential: { operates } }) => ({
      alerts: operates ? (await listAlerts(deps.db.pool)).map(alertView) : [],
    }),
  });
}

function alertView({ firedAt, clearedAt, ...alert }: ListedAlert) {
  return {
    ...alert,
    fired_at: firedAt.toISOString(),
    cleared_at: clearedAt?.toISOString() ?? null,
  };
}
