import { type Job, Queue, Worker } from 'bullmq';
import { coerceError } from '#errors/errors';
import type { RedisClient } from '#redis/redis';
import type { Log } from '#telemetry/logger';
import { closeWithin } from './bounded-close.ts';
import { lockSettings, workerSettings } from './consumer.ts';

export interface Tick {
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

export interface Ticker {
  close(): Promise<void>;
}

/** How often the schedules are written again: what FLUSHALL took is back after this. */
const reassertMs = 10_000;

/**
 * Repeatable jobs of one queue. Schedules are upserted with everything they need, and again on a
 * plain timer, so that a flushed Redis gets them back. Two ticks at once must be harmless: each
 * run guards itself.
 */
export function createTicker(options: {
  readonly queue: string;
  readonly ticks: Readonly<Record<string, Tick>>;
  readonly connection: RedisClient;
  readonly prefix: string;
  readonly lockMs?: number;
  readonly name: string;
  readonly log: Log;
}): Ticker {
  const { log, prefix, connection } = options;
  const queue = new Queue(options.queue, { connection, prefix });
  queue.on('error', (error) => log.debug({ err: error }, 'redis fault'));
  const schedule = async () => {
    for (const [name, tick] of Object.entries(options.ticks)) {
      await queue.upsertJobScheduler(
        name,
        { every: tick.everyMs },
        {
          name,
          data: {},
          opts: { attempts: 1, removeOnComplete: { count: 20 }, removeOnFail: { count: 100 } },
        },
      );
    }
  };
  const assertSchedule = () => {
    schedule().catch((error: unknown) => log.warn({ err: error }, 'could not write schedules'));
  };
  assertSchedule();
  const timer = setInterval(assertSchedule, reassertMs);
  const worker = new Worker(
    options.queue,
    async (job: Job) => {
      await options.ticks[job.name]?.run();
    },
    {
      ...workerSettings,
      ...lockSettings(options.lockMs),
      connection,
      prefix,
      name: options.name,
      concurrency: Object.keys(options.ticks).length,
    },
  );
  worker.on('error', (error) => log.warn({ err: error }, 'worker fault'));
  worker.on('failed', (job, error) =>
    log.error({ jobName: job?.name, err: coerceError(error) }, 'a repeatable job failed'),
  );
  return {
    close: async () => {
      clearInterval(timer);
      await Promise.all([closeWithin(worker), closeWithin(queue)]);
    },
  };
}
