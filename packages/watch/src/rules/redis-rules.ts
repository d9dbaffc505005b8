import { type Rule, when } from './rule.ts';

/** The courier: what is in it, and whether it keeps it. */
export const redisRules: readonly Rule[] = [
  {
    name: 'RedisAway',
    severity: 'page',
    // One answer that took over half a second is no outage, nor is the first look of a process that has
    // only just begun to connect.
    forS: 25,
    find: ({ redis }) =>
      when(redis === undefined, 'Redis does not answer. Sales go on; jobs wait.'),
  },
  {
    name: 'RedisLostData',
    severity: 'page',
    find: ({ redis }) =>
      when(
        (redis?.lostSeconds ?? Number.POSITIVE_INFINITY) < 60,
        'What was in Redis is gone, or the end of it: a flush, a failover, a file cut short. Jobs are sent again from the outbox.',
      ),
  },
  {
    name: 'RedisMemory',
    severity: 'page',
    find: ({ redis }) =>
      when(
        redis !== undefined && redis.maxBytes > 0 && redis.usedBytes > 0.85 * redis.maxBytes,
        `Redis uses ${Math.round((100 * (redis?.usedBytes ?? 0)) / (redis?.maxBytes ?? 1))} % of its memory.`,
      ),
  },
  {
    name: 'RedisEvicts',
    severity: 'page',
    find: ({ redis }) =>
      when(
        redis !== undefined && redis.evictionPolicy !== 'noeviction',
        `Redis may throw jobs away: maxmemory-policy is ${redis?.evictionPolicy}, and must be noeviction.`,
      ),
  },
];
