import { Mutex } from 'redis-semaphore';
import { AppError } from '#errors/errors';
import type { RedisClient } from '#redis/redis';

export interface RedisLockOptions {
  /** The lock of a dead holder falls free after this; a living one renews it. */
  readonly ttlMs: number;
  /** How long to queue for it. */
  readonly waitMs: number;
}

/**
 * Runs the work while nobody else runs work under this key. It only saves double work: when Redis
 * is away, frozen or loses the lock, the work runs all the same, and constraints and
 * compare-and-set in Postgres keep it correct.
 */
export async function withRedisLock<T>(
  lock: { readonly redis: RedisClient; readonly key: string; readonly options: RedisLockOptions },
  work: () => Promise<T>,
): Promise<T> {
  const mutex = new Mutex(lock.redis, lock.key, {
    lockTimeout: lock.options.ttlMs,
    acquireTimeout: lock.options.waitMs,
    retryInterval: 25,
    // The default throws where nobody can catch it. Losing the lock changes nothing for us.
    onLockLost: () => undefined,
  });
  const acquired = await acquire(mutex);
  if (acquired === 'busy') {
    throw new AppError('lock.busy', {
      message: `Somebody else works on ${lock.key}.`,
      retry: 'transient',
      dependency: true,
      // Soon, however often the job was started: a lock falls free, at the latest after its ttl.
      details: { retryAfterMs: lock.options.waitMs / 2 },
    });
  }
  try {
    return await work();
  } finally {
    if (acquired === 'mine') {
      await mutex.release().catch(() => undefined);
    }
  }
}

async function acquire(mutex: Mutex): Promise<'mine' | 'busy' | 'unavailable'> {
  try {
    return (await mutex.tryAcquire()) ? 'mine' : 'busy';
  } catch {
    return 'unavailable';
  }
}
