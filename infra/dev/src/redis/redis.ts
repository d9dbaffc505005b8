import { mkdirSync } from 'node:fs';
import { waitFor } from '@liventix/shared/testing/wait';
import { Redis } from 'ioredis';
import type { ProgramSpec } from '#supervisor/program';
import type { RedisServer } from './binaries.ts';

/**
 * Redis as queues need it: no eviction, every write in the append-only file, and a limit, for without one
 * nobody hears that it grows. Of a million waiting jobs it takes about as much.
 */
export function redisProgram(options: {
  readonly server: RedisServer;
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
}): ProgramSpec {
  mkdirSync(options.dataDir, { recursive: true });
  const settings = {
    port: String(options.port),
    bind: '127.0.0.1',
    dir: options.dataDir,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    maxmemory: '1gb',
    save: '',
    daemonize: 'no',
  };
  return {
    name: 'redis',
    command: options.server.command,
    args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]),
    cwd: options.dataDir,
    env: { PATH: '/usr/bin:/bin', ...options.server.env },
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    hasChannel: false,
  };
}

export function redisUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

export async function readyRedis(port: number, logFile: string): Promise<void> {
  const redis = new Redis(redisUrl(port), { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    await waitFor(async () => (await redis.ping()) === 'PONG', {
      what: `Redis on port ${port}; its log is ${logFile}`,
      timeoutMs: 15_000,
    });
  } finally {
    redis.disconnect();
  }
}
