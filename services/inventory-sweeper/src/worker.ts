import { ticks } from '@liventix/contracts/jobs';
import { createTicker } from '@liventix/shared/queues/ticker';
import type { Config } from '#config';
import type { Deps } from '#deps';
import { auditAllBooks } from '#sweeps/audit-books';
import { cleanQueues } from '#sweeps/clean-queues';
import { expireHolds } from '#sweeps/expire-holds';
import { forgetPeople } from '#sweeps/forget-people';
import { handOutWaiting } from '#sweeps/hand-out-refunds';
import { oweReminders } from '#sweeps/owe-reminders';
import { readBalance } from '#sweeps/read-balance';
import { readSignals } from '#sweeps/read-signals';
import { reconcilePayments } from '#sweeps/reconcile-payments';
import { createRelay } from '#sweeps/relay-outbox';
import { sealAuditLog } from '#sweeps/seal-audit';
import { createSweep, type Sweep } from '#sweeps/sweep';
import { watchMails } from '#sweeps/watch-mails';

type TickName = keyof typeof ticks;

/** The pace of refunds is counted by the second. */
const handOutMs = 1_000;

/** How long an act of somebody lies unsealed. */
const sealMs = 10_000;

const hourMs = 3_600_000;

/** Every repeatable job: a missing one does not compile. */
function createSweeps(config: Config, deps: Deps, stopping: AbortSignal): Record<TickName, Sweep> {
  const relay = createRelay(deps);
  const sweep = (name: TickName, everyMs: number, work: () => Promise<void>) =>
    createSweep({ name, everyMs, work, log: deps.log });
  return {
    'holds.expire': sweep('holds.expire', config.SWEEP_INTERVAL_MS, async () => {
      await expireHolds(deps);
    }),
    'outbox.relay': sweep('outbox.relay', config.RELAY_INTERVAL_MS, async () => {
      await relay.run();
    }),
    'payments.reconcile': sweep('payments.reconcile', config.RECONCILE_INTERVAL_MS, async () => {
      await reconcilePayments(deps);
    }),
    'books.audit': sweep('books.audit', config.AUDIT_INTERVAL_MS, async () => {
      await auditAllBooks(deps, stopping);
    }),
    'balance.read': sweep('balance.read', config.RECONCILE_INTERVAL_MS, async () => {
      await readBalance(deps);
    }),
    'refunds.hand_out': sweep('refunds.hand_out', handOutMs, async () => {
      await handOutWaiting(deps);
    }),
    'reminders.owe': sweep('reminders.owe', config.REMINDER_INTERVAL_MS, async () => {
      await oweReminders(deps);
    }),
    'signals.read': sweep('signals.read', config.SIGNALS_INTERVAL_MS, async () => {
      await readSignals(deps);
    }),
    'mails.watch': sweep('mails.watch', config.MAIL_WATCH_INTERVAL_MS, async () => {
      await watchMails(deps);
    }),
    'audit.seal': sweep('audit.seal', sealMs, async () => await sealAuditLog(deps)),
    'people.forget': sweep('people.forget', hourMs, async () => {
      await forgetPeople(deps, config.BUYER_RETENTION_DAYS);
    }),
    'queues.clean': sweep('queues.clean', hourMs, async () => await cleanQueues(deps)),
  };
}

export interface SweepWorker {
  close(): Promise<void>;
}

/** One ticker a queue, so that a long clean-up holds up no hold. */
export function startWorker(config: Config, deps: Deps): SweepWorker {
  // An audit takes minutes: who stops does not wait for it.
  const stopping = new AbortController();
  const sweeps = createSweeps(config, deps, stopping.signal);
  const all = Object.entries(sweeps);
  const tickers = [...new Set(Object.values(ticks).map((tick) => tick.queue))].map((queue) =>
    createTicker({
      queue,
      ticks: Object.fromEntries(all.filter(([name]) => ticks[name as TickName].queue === queue)),
      connection: deps.queueRedis,
      prefix: config.QUEUE_PREFIX,
      lockMs: config.WORKER_LOCK_MS,
      name: 'inventory-sweeper',
      log: deps.log,
    }),
  );
  return {
    close: async () => {
      stopping.abort();
      await Promise.all(
        [...tickers, ...Object.values(sweeps)].map(async (open) => await open.close()),
      );
    },
  };
}
