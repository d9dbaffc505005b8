import {
  countUnheardEvents,
  readCounts,
  readSilence,
  readTicks,
  type SignalCount,
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
  readonly silence: readonly { readonly service: string; readonly silentSeconds: number }[];
  readonly sweeps: readonly {
    readonly sweep: string;
    readonly lateSeconds: number;
    readonly everySeconds: number;
  }[];
  readonly counts: ReadonlyMap<string, SignalCount>;
  readonly unheardEvents: number;
  readonly mails: readonly LastHour[];
  readonly backups: BackupState;
  /** Undefined when it does not answer. */
  readonly redis: RedisState | undefined;
}

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
    backups: await readBackupState(executor),
    redis: await readRedisState(deps).catch(() => undefined),
  };
}
