import { countUnheardEvents, readSilence } from '@liventix/domain/alerts/report-repository';
import { readBackupState } from '@liventix/domain/backups/repository';
import {
  type BusinessSignals,
  countOpenIncidents,
  readBusinessSignals,
  readOpenMessages,
} from '@liventix/domain/signals/repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { Producer } from '@liventix/shared/queues/producer';
import type { RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import { createGauge } from '@liventix/shared/telemetry/metrics';
import { readRedisState } from '@liventix/watch/redis';

export interface ReadSignalsDeps {
  readonly db: Database;
  readonly producer: Pick<Producer, 'depths'>;
  readonly watchRedis: RedisClient;
  readonly prefix: string;
  readonly log: Log;
}

const byQueue = ['queue'] as const;
const outboxOpen = createGauge({
  name: 'outbox_open',
  help: 'Messages of the outbox that are not done, by queue.',
  labelNames: byQueue,
});
const outboxOldest = createGauge({
  name: 'outbox_oldest_seconds',
  help: 'For how long the oldest of them has waited.',
  labelNames: byQueue,
});
const jobs = createGauge({
  name: 'queue_jobs',
  help: 'Jobs of a queue in Redis by state.',
  labelNames: ['queue', 'state'],
});
const oldestJob = createGauge({
  name: 'queue_oldest_waiting_seconds',
  help: 'For how long the oldest waiting job of a queue has waited.',
  labelNames: byQueue,
});
const incidents = createGauge({
  name: 'incidents_open',
  help: 'Open incidents by kind.',
  labelNames: ['kind'],
});

const business: Readonly<Record<keyof BusinessSignals, ReturnType<typeof createGauge<never>>>> = {
  holdsActive: gauge('holds_active', 'Holds that keep seats.'),
  holdsOverdueSeconds: gauge('holds_overdue_seconds', 'How late the sweep of holds is.'),
  paidWithoutTickets: gauge(
    'orders_paid_without_tickets',
    'Orders whose money came, as Stripe says, and that are not issued.',
  ),
  paidWithoutTicketsSeconds: gauge(
    'orders_paid_without_tickets_oldest_seconds',
    'For how long the oldest of them has been paid.',
  ),
  paidLate: gauge('orders_paid_late', 'Those of them that have waited for over ten seconds.'),
  eventsOpen: gauge('stripe_events_open', 'Events of Stripe that are stored and not processed.'),
  eventsOpenSeconds: gauge(
    'stripe_events_oldest_seconds',
    'For how long the oldest of them has been here.',
  ),
  messagesDead: gauge('outbox_dead', 'Messages that were given up and not replayed.'),
};
const silence = createGauge({
  name: 'service_silent_seconds',
  help: 'For how long no process of a service has said that it lives, while somebody listened.',
  labelNames: ['service'],
});
const unheard = gauge(
  'stripe_events_unheard',
  'Events since the last webhook that only the list of Stripe told.',
);
const redisUp = gauge('redis_up', '1 when Redis said how it stands, 0 when it did not.');
const redisUsed = gauge('redis_memory_used_bytes', 'What Redis keeps in memory.');
const redisMax = gauge('redis_memory_max_bytes', 'What it may keep; 0 for no limit.');
const redisEvicts = gauge('redis_evicts', '1 when Redis may throw away what is in it.');
const redisLost = gauge(
  'redis_lost_seconds',
  'Since when what was in Redis is gone; +Inf for never.',
);
const backupAge = gauge(
  'backup_age_seconds',
  'Since the last backup, or since the first try of one; 0 where none was ever asked for.',
);
const backupDue = gauge('backup_due_seconds', 'How old the last backup may become.');
const archiveFailing = gauge(
  'archive_failing_seconds',
  'Since WAL was last archived, while archiving fails; 0 while it does not.',
);
const readAt = gauge('signals_read_seconds', 'When these were last read, in seconds since 1970.');

/** Shows where work waits and for how long. What Redis does not tell is not shown: an old value says less. */
export async function readSignals(deps: ReadSignalsDeps): Promise<void> {
  const found = await readBusinessSignals(deps.db.pool);
  for (const [name, value] of Object.entries(found)) {
    business[name as keyof BusinessSignals].set(value);
  }
  outboxOpen.reset();
  outboxOldest.reset();
  for (const { queue, open, oldestSeconds } of await readOpenMessages(deps.db.pool)) {
    outboxOpen.set({ queue }, open);
    outboxOldest.set({ queue }, oldestSeconds);
  }
  incidents.reset();
  for (const { kind, open } of await countOpenIncidents(deps.db.pool)) {
    incidents.set({ kind }, open);
  }
  readAt.setToCurrentTime();
  silence.reset();
  for (const { service, missedSeconds } of await readSilence(deps.db.pool)) {
    silence.set({ service }, missedSeconds);
  }
  unheard.set(await countUnheardEvents(deps.db.pool));
  const backups = await readBackupState(deps.db.pool);
  backupAge.set(backups.ageSeconds ?? 0);
  backupDue.set(backups.dueSeconds);
  archiveFailing.set(backups.archiveFailingSeconds);
  await readQueues(deps);
  await readRedis(deps);
}

async function readRedis({ db, watchRedis: redis, prefix, log }: ReadSignalsDeps): Promise<void> {
  const state = await readRedisState({ executor: db.pool, redis, prefix });
  redisUp.set(state === undefined ? 0 : 1);
  if (state === undefined) {
    for (const silent of [redisUsed, redisMax, redisEvicts, redisLost]) {
      silent.remove();
    }
    log.warn('Redis did not say how it stands');
    return;
  }
  redisUsed.set(state.usedBytes);
  redisMax.set(state.maxBytes);
  redisEvicts.set(state.evictionPolicy === 'noeviction' ? 0 : 1);
  redisLost.set(state.lostSeconds ?? Number.POSITIVE_INFINITY);
}

async function readQueues({ producer, log }: ReadSignalsDeps): Promise<void> {
  try {
    for (const { queue, states, oldestWaitingSeconds } of await producer.depths()) {
      for (const [state, count] of Object.entries(states)) {
        jobs.set({ queue, state }, count);
      }
      oldestJob.set({ queue }, oldestWaitingSeconds);
    }
  } catch (error) {
    jobs.reset();
    oldestJob.reset();
    log.warn({ err: coerceError(error) }, 'Redis did not say how long its queues are');
  }
}

/** One that shows nothing until it was read: a zero would be a reading. */
function gauge(name: string, help: string) {
  const made = createGauge<never>({ name, help, labelNames: [] });
  made.remove();
  return made;
}
