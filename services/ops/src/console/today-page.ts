import { html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { readFigures } from '#console/live';
import { page } from '#console/page';
import { renderToDo } from '#console/to-do-page';
import { figure } from '#console/words';
import type { Deps } from '#deps';

export function todayPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console',
    action: 'read',
    render: async ({ credential }) => {
      const { figures } = await readFigures(deps, credential.organizationId);
      const show = (name: string, title: string) => figure(title, figures[name] ?? '', name);
      return {
        title: 'Today',
        body: html`<h1>Today</h1>
<p class="quiet">The last 24 hours, live <span id="live" class="badge">not connected</span></p>
<dl class="figures" data-stream="/console/live">
${show('ordersPaid', 'Orders paid')}
${show('revenue', 'Taken')}
${show('holdsActive', 'Holds open')}
${show('ordersWaiting', 'Paid, without tickets')}
${show('longestWait', 'Longest wait for tickets')}
${show('incidentsOpen', 'Incidents open')}
${show('messagesDead', 'Jobs given up')}
</dl>
${await renderToDo(deps, credential)}`,
      };
    },
  });
}
