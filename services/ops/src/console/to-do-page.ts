import { mayDo } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import { listOpenIncidents } from '@liventix/domain/incidents/repository';
import { listDeadMessages } from '@liventix/domain/outbox/relay-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { page } from '#console/page';
import { call, moment, table } from '#console/words';
import type { Deps } from '#deps';

export function toDoPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/to-do',
    action: 'read',
    render: async ({ credential }) => ({
      title: 'To do',
      body: html`<h1>To do</h1>${await renderToDo(deps, credential)}`,
    }),
  });
}

/** What needs a person: incidents, and jobs that will not be tried again by themselves. */
export async function renderToDo(deps: Pick<Deps, 'db'>, credential: Credential): Promise<Html> {
  const { organizationId } = credential;
  const isMender = mayDo(credential, 'orders.mend');
  const incidents = await listOpenIncidents(deps.db.pool, organizationId);
  const messages = await listDeadMessages(deps.db.pool, organizationId);
  const open = incidents.map((incident) => {
    const orderId = orderOf(incident);
    const resolve = call({
      url: `/admin/v1/incidents/${incident.id}/resolve`,
      label: 'Dealt with',
      fields: html`<label>What was done<input name="note" required maxlength="500"></label>`,
    });
    return html`<tr><td>${moment(incident.openedAt)}</td><td><strong>${incident.kind}</strong>${incident.seen > 1 && html` <span class="quiet">${incident.seen} times</span>`}<br>${incident.message}</td><td>${orderLink(orderId)}</td><td>${isMender && resolve}</td></tr>`;
  });
  const dead = messages.map((message) => {
    const orderId = z.uuid().safeParse(message.orderId).data;
    const replay = call({ url: `/admin/v1/messages/${message.id}/replay`, label: 'Replay' });
    return html`<tr><td>${moment(message.deadAt)}</td><td><strong>${message.name}</strong><br>${message.error ?? ''}</td><td>${orderLink(orderId)}</td><td>${isMender && replay}</td></tr>`;
  });
  return html`<section><h2>Incidents</h2>
${table(['Since', 'What', 'Order', ''], open, 'Nothing needs anybody.')}</section>
<section><h2>Jobs given up</h2>
${table(['Since', 'What', 'Order', ''], dead, 'Every job is done or will be tried again.')}</section>`;
}

function orderOf(incident: {
  readonly objectType: string;
  readonly objectId: string;
  readonly details: { readonly orderId?: unknown };
}): string | undefined {
  const named = incident.objectType === 'order' ? incident.objectId : incident.details.orderId;
  return z.uuid().safeParse(named).data;
}

function orderLink(orderId: string | undefined): Html {
  return orderId === undefined
    ? html`<span class="quiet">none</span>`
    : html`<a href="/console/orders/${orderId}">its story</a>`;
}
