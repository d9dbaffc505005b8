import { randomUUID } from 'node:crypto';
import { readRedisMark, setRedisMark } from '@liventix/domain/alerts/alert-repository';
import type { Executor } from '@liventix/shared/db';
import type { RedisClient } from '@liventix/shared/redis';

export interface RedisState {
  readonly usedBytes: number;
  /** 0 for no limit. */
  readonly maxBytes: number;
  readonly evictionPolicy: string;
  /** How long ago what was in it was gone; null for never. */
  readonly lostSeconds: number | null;
}

/**
 * How Redis stands. A mark in it without an end is gone when the rest is: a flush, or a failover to
 * a replica that lagged. What was lost is sent again by the relay; people should know why.
 */
export async function readRedisState(deps: {
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
