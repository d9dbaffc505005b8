import { emailKinds } from '@liventix/domain/emails';
import { overdueMinutes } from '@liventix/domain/emails/delivery';
import {
  closeAllBut,
  closeStopped,
  listOverdue,
  type Overdue,
  readLastHour,
  readQueue,
} from '@liventix/domain/emails/watch-repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import type { Database } from '@liventix/shared/db';
import { createGauge } from '@liventix/shared/telemetry/metrics';

const lastHour = createGauge({
  name: 'mails_last_hour',
  help: 'Mails of the last hour by kind and what became of them: delivered, lost, waiting.',
  labelNames: ['kind', 'fate'],
});
const overdue = createGauge({
  name: 'mails_overdue',
  help: 'Mails of the last two days that nobody has heard of for ten minutes.',
  labelNames: [],
});
const waiting = createGauge({
  name: 'mails_waiting',
  help: 'Mails that were never handed over to the provider.',
  labelNames: [],
});
const oldest = createGauge({
  name: 'mails_waiting_oldest_seconds',
  help: 'For how long the oldest of them has waited.',
  labelNames: [],
});

/**
 * Tells a person of mails that have neither arrived nor come back, one incident an organization: at a
 * provider's outage there are thousands. It ends with the last of them. And counts how mails fare.
 */
export async function watchMails(deps: { readonly db: Database }): Promise<void> {
  const late = await listOverdue(deps.db.pool);
  await deps.db.inTransaction(async (tx) => {
    for (const organization of late) {
      await openIncident(tx, incidentOf(organization));
    }
    await closeAllBut(tx, {
      kind: 'email.undelivered',
      objectIds: late.map(({ organizationId }) => organizationId),
    });
    await closeStopped(tx);
  });
  overdue.set(late.reduce((sum, { count }) => sum + count, 0));
  await countMails(deps.db);
}

function incidentOf({ organizationId, count, emailIds, orderIds }: Overdue) {
  return {
    organizationId,
    kind: 'email.undelivered',
    objectType: 'organization' as const,
    objectId: organizationId,
    message: `Mails have not arrived after ${overdueMinutes} minutes. Look whether Resend and notifications work, and whether Resend's webhook reaches webhook-ingest. Tickets are on the order pages.`,
    details: { count, emailIds, orderIds },
  };
}

async function countMails(db: Database): Promise<void> {
  const fates = new Map((await readLastHour(db.pool)).map((row) => [row.kind, row]));
  for (const kind of emailKinds) {
    const { delivered = 0, lost = 0, waiting: open = 0 } = fates.get(kind) ?? {};
    lastHour.set({ kind, fate: 'delivered' }, delivered);
    lastHour.set({ kind, fate: 'lost' }, lost);
    lastHour.set({ kind, fate: 'waiting' }, open);
  }
  const queue = await readQueue(db.pool);
  waiting.set(queue.waiting);
  oldest.set(queue.oldestSeconds);
}
