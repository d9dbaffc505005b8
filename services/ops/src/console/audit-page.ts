import { auditQuery } from '@liventix/contracts/api/admin';
import { type AuditRow, auditPageMax, listAudit } from '@liventix/domain/access/audit-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { page } from '#console/page';
import { moment, table } from '#console/words';
import type { Deps } from '#deps';

export function auditPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/audit',
    action: 'read',
    query: auditQuery,
    render: async ({ credential: { organizationId }, query }) => {
      const acts = await listAudit(deps.db.pool, { organizationId, ...query });
      return {
        title: 'Audit',
        body: html`<h1>Audit</h1><p class="quiet">Each act is sealed into a chain within seconds, which every audit of the books checks.</p>
<form class="search"><label>Only this kind of act<input name="action" value="${query.action ?? ''}" maxlength="100" placeholder="order.refund"></label><button>Show</button></form>
${table(['When', 'Who', 'What', 'To what'], acts.map(renderAct), 'Nobody has done anything.')}
${olderLink(acts, query.action)}`,
      };
    },
  });
}

function renderAct(act: AuditRow): Html {
  const said = Object.entries({ ...act.facts, ...act.details }).map(
    ([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const object =
    act.objectType === 'order'
      ? html`<a href="/console/orders/${act.objectId}">its story</a>`
      : html`<span class="quiet">${act.objectType} ${act.objectId}</span>`;
  return html`<tr><td>${moment(act.at)}</td><td>${act.actor ?? act.actorId}<br><span class="quiet">${act.actorType.replace('_', ' ')}</span></td><td>${act.action}<br><span class="quiet">${said.join(', ')}</span></td><td>${object}</td></tr>`;
}

function olderLink(acts: readonly AuditRow[], action: string | undefined): Html | false {
  const last = acts.at(-1);
  if (last === undefined || acts.length < auditPageMax) {
    return false;
  }
  const query = new URLSearchParams({ before: String(last.id), ...(action && { action }) });
  return html`<p><a href="/console/audit?${query.toString()}">Older acts</a></p>`;
}
