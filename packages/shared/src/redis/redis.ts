import { Cluster, Redis } from 'ioredis';
import { isNetworkFault } from '#errors/network-faults';

/** One Redis, or a cluster: everything of ours that must be atomic lives in one slot. */
export type RedisClient = Redis | Cluster;

export interface RedisOptions {
  /** One address, or those of several masters of a cluster, comma-separated. */
  readonly url: string;
  /**
   * `worker` waits for Redis as long as it takes. `producer` and `lock` fail within a second
   * instead: a request must not hang on a courier.
   */
  readonly role: 'worker' | 'producer' | 'lock';
  readonly onError: (error: Error) => void;
}

/** Milliseconds a command of a role may take. A frozen Redis gives no error of its own. */
const commandTimeoutMs = { producer: 1_000, lock: 500 } as const;

export function connectRedis(options: RedisOptions): RedisClient {
  const urls = options.url.split(',');
  const redis = urls.length > 1 ? connectCluster(urls, options.role) : connectOne(options);
  redis.on('error', options.onError);
  return redis;
}

function connectOne({ url, role }: RedisOptions): Redis {
  return new Redis(url, {
    ...settings(role),
    enableOfflineQueue: role === 'worker',
    // Managed failover leaves us on a read-only replica until we connect anew.
    reconnectOnError: (error) => (error.message.includes('READONLY') ? 2 : false),
    retryStrategy: waitMs,
  });
}

function connectCluster(urls: readonly string[], role: RedisOptions['role']): Cluster {
  const [first = ''] = urls;
  const { username, password } = new URL(first);
  return new Cluster([...urls], {
    clusterRetryStrategy: waitMs,
    enableOfflineQueue: role === 'worker',
    redisOptions: {
      ...settings(role),
      ...(username !== '' && { username }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
    },
  });
}

function settings(role: RedisOptions['role']) {
  return role === 'worker'
    ? { maxRetriesPerRequest: null }
    : { maxRetriesPerRequest: 1, connectTimeout: 1_000, commandTimeout: commandTimeoutMs[role] };
}

function waitMs(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 6), 1_000);
}

const faults =
  /Command timed out|Connection is closed|isn't writeable|max retries per request|^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|OOM) /;

/** True when Redis was away, too slow or takes nothing now, so that trying later may help. */
export function isRedisFault(error: Error): boolean {
  return isNetworkFault(error) || faults.test(error.message);
}
