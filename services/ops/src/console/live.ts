import { readToday, readTodaysRevenue } from '@liventix/domain/signals/today-repository';
import type { HttpApp } from '@liventix/shared/http';
import { formatMoney } from '@liventix/shared/money';
import { Hub } from '@liventix/shared/sse';
import { authenticate, mayStill } from '#access/authenticate';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';

const intervalMs = 2_000;

/** The numbers of a day as the page shows them, by the names that its elements have. */
export async function readFigures(
  deps: Pick<Deps, 'db'>,
  organizationId: string,
): Promise<{ readonly asOf: Date; readonly figures: Readonly<Record<string, string>> }> {
  const [today, revenue] = await Promise.all([
    readToday(deps.db.pool, organizationId),
    readTodaysRevenue(deps.db.pool, organizationId),
  ]);
  const sums = revenue.map(({ cents, currency }) => formatMoney(cents, currency, 'en'));
  return {
    asOf: today.asOf,
    figures: {
      ordersPaid: String(today.ordersPaid),
      revenue: sums.length === 0 ? '0' : sums.join(' + '),
      holdsActive: String(today.holdsActive),
      ordersWaiting: String(today.ordersWaiting),
      longestWait: `${Math.round(today.longestWaitSeconds)} s`,
      incidentsOpen: String(today.incidentsOpen),
      messagesDead: String(today.messagesDead),
    },
  };
}

/** The same numbers as a stream: one reading every two seconds an organization, whoever watches. */
export function liveRoute(app: HttpApp, deps: Deps): void {
  const hub = new Hub({
    event: 'figures',
    log: deps.log,
    limits: { total: 500, perAddress: 50 },
    intervalMs,
    read: async (organizationId) => {
      const { asOf, figures } = await readFigures(deps, organizationId);
      const data = JSON.stringify(figures);
      return { asOf, state: data, data };
    },
  });
  app.addHook('preClose', async () => await hub.close());
  const options = {
    schema: { hide: true },
    config: { access: 'session', action: 'read' },
  } as const;
  app.get('/console/live', options, async (request, reply) => {
    const { organizationId } = await authenticate(deps, request, 'read');
    if (!(await hub.join(organizationId, request, reply))) {
      throw notFound('event');
    }
    if (request.method === 'GET') {
      deps.doorkeeper.watch(
        request.raw.socket,
        async () => await mayStill(deps.db, request, 'read'),
      );
    }
    return reply;
  });
}
