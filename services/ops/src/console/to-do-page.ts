import { mayDo } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import { listAlerts } from '@liventix/domain/alerts/alert-repository';
import { type Incident, listOpenIncidents } from '@liventix/domain/incidents/repository';
import {
  listPaidWithoutTickets,
  listWaitingOrders,
} from '@liventix/domain/orders/stuck-repository';
import { listDeadMessages } from '@liventix/domain/outbox/dead-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { formatMoney } from '@liventix/shared/money';
import { z } from 'zod';
import { page } from '#console/page';
import { badge, call, moment, table } from '#console/words';
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
  const incidents = await listOpenIncidents(deps.db.pool, credential);
  const messages = await listDeadMessages(deps.db.pool, credential);
  const open = incidents.map((incident) => {
    const resolve = call({
      url: `/admin/v1/incidents/${incident.id}/resolve`,
      label: 'Dealt with',
      fields: html`<label>What was done<input name="note" required maxlength="500"></label>`,
    });
    return html`<tr><td>${moment(incident.openedAt)}</td><td><strong>${incident.kind}</strong>${incident.seen > 1 && html` <span class="quiet">${incident.seen} times</span>`}<br>${incident.message}</td><td>${whomItConcerns(incident)}</td><td>${isMender && resolve}</td></tr>`;
  });
  const dead = messages.map((message) => {
    const replay = call({ url: `/admin/v1/messages/${message.id}/replay`, label: 'Replay' });
    return html`<tr><td>${moment(message.deadAt)}</td><td><strong>${message.name}</strong><br>${message.error ?? ''}</td><td>${message.orderId === null ? nobody : orderLink(message.orderId)}</td><td>${isMender && replay}</td></tr>`;
  });
  return html`${credential.operates && (await renderAlerts(deps))}
${await renderStuck(deps, organizationId)}
<section><h2>Incidents</h2>
${table(['Since', 'What', 'Whom it concerns', ''], open, 'Nothing needs anybody.')}</section>
<section><h2>Jobs given up</h2>
${table(['Since', 'What', 'Order', ''], dead, 'Every job is done or will be tried again.')}</section>`;
}

/** What the watch found, first of all. */
async function renderAlerts(deps: Pick<Deps, 'db'>): Promise<Html> {
  const alerts = await listAlerts(deps.db.pool);
  const rows = alerts.map(
    (alert) =>
      html`<tr><td>${moment(alert.firedAt)}</td><td>${alert.state === 'firing' ? badge('firing', 'bad') : badge('cleared', 'good')}</td><td><strong>${alert.name}</strong><br>${alert.summary}<br><span class="quiet">${alert.runbook}</span></td><td>${alert.clearedAt === null ? html`<span class="quiet">not yet</span>` : moment(alert.clearedAt)}</td></tr>`,
  );
  return html`<section><h2>Alerts</h2>
${table(['Since', 'State', 'What, and where the runbook says what to do', 'Cleared'], rows, 'Nothing is wrong, and nothing was within a day.')}</section>`;
}

/** Whose orders an outage concerns: paid and without tickets, or waiting for something asked long ago. */
async function renderStuck(deps: Pick<Deps, 'db'>, organizationId: string): Promise<Html> {
  const [paid, waiting] = await Promise.all([
    listPaidWithoutTickets(deps.db.pool, organizationId),
    listWaitingOrders(deps.db.pool, organizationId),
  ]);
  const rows = [
    ...paid.map(
      (order) =>
        html`<tr><td>${moment(order.paidAt)}</td><td><a href="/console/orders/${order.id}">${order.number}</a></td><td>${badge('paid, no tickets', 'bad')} ${formatMoney(order.totalCents, order.currency, 'en')}</td></tr>`,
    ),
    ...waiting.map(
      (order) =>
        html`<tr><td>${moment(order.askedAt)}</td><td><a href="/console/orders/${order.orderId}">${order.number}</a></td><td>waits for ${order.job}</td></tr>`,
    ),
  ];
  return rows.length === 0
    ? html``
    : html`<section><h2>Orders that wait</h2>${table(['Since', 'Order', 'What for'], rows, '')}</section>`;
}

const nobody = html`<span class="quiet">none</span>`;

const broken = z.array(
  z.object({
    order_id: z.guid().optional().catch(undefined),
    event_id: z.guid().optional().catch(undefined),
  }),
);

/** The order that an incident names; of a rule of the books the orders and events of what breaks it. */
function whomItConcerns(incident: Incident): Html {
  const { orderId: named, violations } = incident.details;
  const orderId = z.guid().safeParse(incident.objectType === 'order' ? incident.objectId : named);
  if (orderId.success) {
    return orderLink(orderId.data);
  }
  const rows = broken.safeParse(violations).data ?? [];
  const links = rows.flatMap(({ order_id: order, event_id: event }) =>
    order !== undefined
      ? [{ href: `/console/orders/${order}`, text: 'an order' }]
      : event !== undefined
        ? [{ href: `/console/events/${event}`, text: 'an event' }]
        : [],
  );
  const once = [...new Map(links.map((link) => [link.href, link])).values()];
  return once.length === 0
    ? nobody
    : html`${once.slice(0, 5).map(({ href, text }) => html`<a href="${href}">${text}</a> `)}`;
}

function orderLink(orderId: string): Html {
  return html`<a href="/console/orders/${orderId}">its story</a>`;
}
