import { noteRedisCount, readRedisCount } from '@liventix/domain/alerts/alert-repository';
import type { Executor } from '@liventix/shared/db';
import type { RedisClient } from '@liventix/shared/redis';

export interface RedisState {
  readonly usedBytes: number;
  /** 0 for no limit. */
  readonly maxBytes: number;
  readonly evictionPolicy: string;
  /** How long ago what was in it was gone, or the end of it; null for never. */
  readonly lostSeconds: number | null;
}

/**
 * How Redis stands; undefined when it does not answer. Each look counts up in it, and Postgres knows how far
 * it has come: a count that is not above that shows a flush, a failover to a replica that lagged, or a file
 * whose end was cut. What was lost is sent again by the relay; people should know why.
 */
export async function readRedisState(deps: {
  readonly executor: Executor;
  readonly redis: RedisClient;
  readonly prefix: string;
}): Promise<RedisState | undefined> {
  const { executor, redis, prefix } = deps;
  const info = await redis.info('memory').catch(() => undefined);
  if (info === undefined) {
    return undefined;
  }
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
  return {
    usedBytes: Number(field('used_memory') ?? 0),
    maxBytes: Number(field('maxmemory') ?? 0),
    evictionPolicy: field('maxmemory_policy') ?? 'unknown',
    lostSeconds: await countUp(executor, { redis, key: `${prefix}:watch:count` }),
  };
}

/**
 * Counts one look, and tells since when something is lost. What is known is read before: then another who
 * looks at the same time can only make the count higher. After a loss it is lifted above what is known, by
 * adding, so that two who find the same loss never take each other's count for another.
 */
async function countUp(
  executor: Executor,
  { redis, key }: { readonly redis: RedisClient; readonly key: string },
): Promise<number | null> {
  const known = (await readRedisCount(executor)) ?? 0;
  // A Redis that is full refuses this and answers otherwise: then nothing was found out.
  const found = await redis.incr(key).catch(() => undefined);
  const hasLost = found !== undefined && found <= known;
  const count = hasLost ? await redis.incrby(key, known).catch(() => undefined) : found;
  return await noteRedisCount(executor, { count, hasLost });
}
