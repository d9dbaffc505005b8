import { type DeliveryRate, readDeliveryRates } from '@liventix/domain/emails/delivery-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { barChart } from '#console/charts';
import { page } from '#console/page';
import { figure, table } from '#console/words';
import type { Deps } from '#deps';
import { sumByKind } from '#mails/delivery-rates';

const hours = 72;

export function mailsPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/mails',
    action: 'read',
    render: async ({ credential: { organizationId } }) => {
      const rates = await readDeliveryRates(deps.db.pool, { organizationId, hours });
      return { title: 'Mails', body: renderMails(rates) };
    },
  });
}

function renderMails(rates: readonly DeliveryRate[]): Html {
  const kinds = sumByKind(rates);
  const rows = kinds.map(
    (of) =>
      html`<tr><td>${of.kind.replaceAll('_', ' ')}</td><td class="number">${of.sent}</td><td class="number">${of.delivered}</td><td class="number">${of.waiting}</td><td class="number">${of.lost}</td><td class="number">${shareOf(of)}</td></tr>`,
  );
  const sum = (what: 'sent' | 'delivered' | 'lost' | 'waiting') =>
    kinds.reduce((all, kind) => all + kind[what], 0);
  const all = { sent: sum('sent'), delivered: sum('delivered'), lost: sum('lost') };
  const byHour = Map.groupBy(rates, ({ hour }) => hour.getTime());
  const bars = [...byHour]
    .toSorted(([a], [b]) => a - b)
    .map(([time, of]) => {
      const value = of.reduce((total, rate) => total + rate.sent, 0);
      return {
        at: new Date(time),
        value,
        label: `${new Date(time).toISOString().slice(0, 13)}: ${value} mails`,
      };
    });
  return html`<h1>Mails</h1><p class="quiet">The last ${hours} hours</p>
<dl class="figures">${figure('Mails', all.sent)}${figure('Arrived', shareOf(all))}${figure('Lost', all.lost)}</dl>
${barChart({ title: 'Mails by hour', bars, stepMs: 3_600_000 })}
${table(['Kind', 'Mails', 'Arrived', 'Waiting', 'Lost', 'Share that arrived'], rows, 'No mail was written.')}`;
}

/** Of those whose fate is known: a mail under way is no failure. */
function shareOf({
  delivered,
  lost,
}: {
  readonly delivered: number;
  readonly lost: number;
}): string {
  return delivered + lost === 0 ? '—' : `${((100 * delivered) / (delivered + lost)).toFixed(1)} %`;
}
