import { randomUUID } from 'node:crypto';
import { readRedisMark, setRedisMark } from '@liventix/domain/alerts/alert-repository';
import {
  countUnheardEvents,
  readCounts,
  readSilence,
  readTicks,
  type SignalCount,
} from '@liventix/domain/alerts/report-repository';
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
  /** Undefined when it does not answer. */
  readonly redis: RedisState | undefined;
}

export interface RedisState {
  readonly usedBytes: number;
  /** 0 for no limit. */
  readonly maxBytes: number;
  readonly evictionPolicy: string;
  /** How long ago what was in it was gone; null for never. */
  readonly lostSeconds: number | null;
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
    redis: await readRedis(deps).catch(() => undefined),
  };
}

/**
 * How Redis stands. A mark in it without an end is gone when the rest is: a flush, or a failover to
 * a replica that lagged. What was lost is sent again by the relay; people should know why.
 */
async function readRedis(deps: {
  readonly executor: Executor;
  readonly redis: RedisClient;
  readonly prefix: string;
}): Promise<RedisState> {
  const { executor, redis, prefix } = deps;
  const info = await redis.info('memory');
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
  const key = `${prefix}:watch:mark`;
  const [found, known] = [await redis.get(key), await readRedisMark(executor)];
  if (found === null) {
    const mark = randomUUID();
    await redis.set(key, mark);
    await setRedisMark(executor, { mark, hasLost: known.mark !== null });
  }
  const { lostSeconds } = await readRedisMark(executor);
  return {
    usedBytes: Number(field('used_memory') ?? 0),
    maxBytes: Number(field('maxmemory') ?? 0),
    evictionPolicy: field('maxmemory_policy') ?? 'unknown',
    lostSeconds,
  };
}
