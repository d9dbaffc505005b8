import {
  type BooksFact,
  countUnheardEvents,
  readBooksFact,
  readCounts,
  readQueueAges,
  readSilence,
  readTicks,
  type SignalCount,
  type Silence,
} from '@liventix/domain/alerts/report-repository';
import { type BackupState, readBackupState } from '@liventix/domain/backups/repository';
import { type LastHour, readLastHour } from '@liventix/domain/emails/watch-repository';
import {
  type BusinessSignals,
  countOpenIncidents,
  type OutboxSignal,
  readBusinessSignals,
  readOpenMessages,
} from '@liventix/domain/signals/repository';
import type { Executor } from '@liventix/shared/db';
import type { RedisClient } from '@liventix/shared/redis';
import { type RedisState, readRedisState } from '#signals/read-redis';

/** Everything a rule may ask about, as of one look. */
export interface Signals {
  readonly business: BusinessSignals;
  readonly outbox: readonly OutboxSignal[];
  readonly incidents: ReadonlyMap<string, number>;
  readonly silence: readonly Silence[];
  readonly sweeps: readonly {
    readonly sweep: string;
    readonly lateSeconds: number;
    readonly everySeconds: number;
  }[];
  readonly counts: ReadonlyMap<string, SignalCount>;
  readonly unheardEvents: number;
  readonly mails: readonly LastHour[];
  /** Undefined before the first audit. */
  readonly books: BooksFact | undefined;
  /** For how long the oldest job of each queue has waited, in seconds. */
  readonly queues: ReadonlyMap<string, number>;
  readonly backups: BackupState;
  /** Undefined when it does not answer. */
  readonly redis: RedisState | undefined;
}

/** In no transaction: Redis may take its time to answer. A fault of Postgres is thrown, one of Redis is found. */
export async function readSignals(deps: {
  readonly executor: Executor;
  readonly redis: RedisClient;
  readonly prefix: string;
}): Promise<Signals> {
  const { executor } = deps;
  const incidents = await countOpenIncidents(executor);
  const counts = await readCounts(executor);
  return {
    business: await readBusinessSignals(executor),
    outbox: await readOpenMessages(executor),
    incidents: new Map(incidents.map(({ kind, open }) => [kind, open])),
    silence: await readSilence(executor),
    sweeps: await readTicks(executor),
    counts: new Map(counts.map((count) => [count.kind, count])),
    unheardEvents: await countUnheardEvents(executor),
    mails: await readLastHour(executor),
    books: await readBooksFact(executor),
    queues: await readQueueAges(executor),
    backups: await readBackupState(executor),
    redis: await readRedisState(deps),
  };
}
