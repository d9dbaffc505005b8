import { Redis } from 'ioredis';

export interface RedisOptions {
  readonly url: string;
  /**
   * `worker` waits for Redis as long as it takes. `producer` and `lock` fail within a second
   * instead: a request must not hang on a courier.
   */
  readonly role: 'worker' | 'producer' | 'lock';
  readonly onError: (error: Error) => void;
}

const bounded = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 1_000,
} as const;

/** Milliseconds a command of a role may take. A frozen Redis gives no error of its own. */
const commandTimeoutMs = { producer: 1_000, lock: 500 } as const;

export function connectRedis(options: RedisOptions): Redis {
  const redis = new Redis(options.url, {
    // Managed failover leaves us on a read-only replica until we connect anew.
    reconnectOnError: (error) => (error.message.includes('READONLY') ? 2 : false),
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 1_000),
    ...(options.role === 'worker'
      ? { maxRetriesPerRequest: null }
      : { ...bounded, commandTimeout: commandTimeoutMs[options.role] }),
  });
  redis.on('error', options.onError);
  return redis;
}
