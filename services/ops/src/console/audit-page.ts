import { listAudit } from '@liventix/domain/access/audit-repository';
import { html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { page } from '#console/page';
import { moment, table } from '#console/words';
import type { Deps } from '#deps';

export function auditPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/audit',
    action: 'read',
    render: async ({ credential }) => {
      const acts = await listAudit(deps.db.pool, credential);
      const rows = acts.map((act) => {
        const facts = Object.entries(act.facts).map(([name, value]) => `${name}: ${String(value)}`);
        const object =
          act.objectType === 'order'
            ? html`<a href="/console/orders/${act.objectId}">its story</a>`
            : html`<span class="quiet">${act.objectType} ${act.objectId}</span>`;
        return html`<tr><td>${moment(act.at)}</td><td>${act.actor ?? act.actorId}<br><span class="quiet">${act.actorType.replace('_', ' ')}</span></td><td>${act.action}<br><span class="quiet">${facts.join(', ')}</span></td><td>${object}</td></tr>`;
      });
      return {
        title: 'Audit',
        body: html`<h1>Audit</h1><p class="quiet">The latest 200 acts. Each is sealed into a chain within seconds, which every audit of the books checks.</p>
${table(['When', 'Who', 'What', 'To what'], rows, 'Nobody has done anything.')}`,
      };
    },
  });
}
