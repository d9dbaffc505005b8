import { type JobState, Queue } from 'bullmq';
import { connectRedis } from '#redis/redis';
import type { Log } from '#telemetry/logger';
import type { TraceCarrier } from '#telemetry/tracing';
import { workerSettings } from './consumer.ts';

/** A message on its way to a queue; its id becomes the job's. */
export interface Outgoing {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly payload: unknown;
  /** The trace that the job goes on with. */
  readonly trace?: TraceCarrier | undefined;
}

export type MessageState = JobState | 'unknown' | 'missing';

/** How much work lies in a queue. */
export interface QueueDepth {
  readonly queue: string;
  readonly states: Readonly<Record<'waiting' | 'delayed' | 'active' | 'failed', number>>;
  /** 0 when nothing waits. */
  readonly oldestWaitingSeconds: number;
}

export interface Producer {
  /** Adds messages, and returns the ids Redis took. Never throws and never waits over a second. */
  send(messages: readonly Outgoing[]): Promise<string[]>;
  /** Where messages of one queue stand, in one bounded pipeline. Throws when Redis is away. */
  states(queue: string, ids: readonly string[]): Promise<Map<string, MessageState>>;
  /** Adds messages again whose ids an ended or broken job may still occupy. */
  resend(messages: readonly Outgoing[]): Promise<string[]>;
  /** Removes ended jobs older than `graceMs`, since eviction happens only when others end. */
  clean(graceMs: number): Promise<void>;
  /** How long each queue is. Throws when Redis is away. */
  depths(): Promise<QueueDepth[]>;
  close(): Promise<void>;
}

const sendTimeoutMs = 1_000;
const attemptsDefault = 12;

/**
 * The only place that constructs a sending Queue. A Redis that is down fails at once and a frozen
 * one after a second: a commit is never held up by its courier. Both skip flags are needed, for
 * without them the first failure at boot is remembered for ever.
 */
export function createProducer(options: {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly queues: readonly string[];
  readonly log: Log;
}): Producer {
  const onError = (error: Error) => options.log.debug({ err: error }, 'redis fault');
  const connection = connectRedis({ url: options.redisUrl, role: 'producer', onError });
  const queues = new Map(
    options.queues.map((name) => {
      const queue = new Queue(name, {
        connection,
        prefix: options.prefix,
        skipWaitingForReady: true,
        skipVersionCheck: true,
        defaultJobOptions: {
          attempts: attemptsDefault,
          backoff: { type: 'custom' },
          removeOnComplete: workerSettings.removeOnComplete,
          removeOnFail: workerSettings.removeOnFail,
          sizeLimit: 16_384,
          stackTraceLimit: 5,
        },
      });
      queue.on('error', onError);
      return [name, queue] as const;
    }),
  );
  const queueOf = (name: string) => {
    const queue = queues.get(name);
    if (queue === undefined) {
      throw new Error(`no queue ${name}`);
    }
    return queue;
  };
  const send = async (messages: readonly Outgoing[]) =>
    await sendAll(queueOf, messages, options.log);
  return {
    send,
    states: async (name, ids) => await statesOf(queueOf(name), ids),
    resend: async (messages) => {
      await bounded(
        Promise.all(messages.map(async ({ id, queue }) => await queueOf(queue).remove(id))),
      );
      return await send(messages);
    },
    clean: async (graceMs) => {
      for (const queue of queues.values()) {
        await bounded(queue.clean(graceMs, 1_000, 'completed'));
      }
    },
    depths: async () => await bounded(Promise.all([...queues.values()].map(depthOf))),
    close: async () => {
      await Promise.allSettled([...queues.values()].map(async (queue) => await queue.close()));
      connection.disconnect();
    },
  };
}

async function sendAll(
  queueOf: (name: string) => Queue,
  messages: readonly Outgoing[],
  log: Log,
): Promise<string[]> {
  const sent = [...Map.groupBy(messages, (message) => message.queue)].map(async ([name, group]) => {
    const jobs = group.map(({ id, name: job, payload, trace }) => ({
      name: job,
      data: payload,
      opts: {
        jobId: id,
        ...(trace !== undefined && { telemetry: { metadata: JSON.stringify(trace) } }),
      },
    }));
    try {
      await bounded(queueOf(name).addBulk(jobs));
      return group.map((message) => message.id);
    } catch (error) {
      log.warn({ err: error, queue: name, count: group.length }, 'redis took no messages');
      return [];
    }
  });
  return (await Promise.all(sent)).flat();
}

async function statesOf(queue: Queue, ids: readonly string[]): Promise<Map<string, MessageState>> {
  const states = await bounded(
    Promise.all(ids.map(async (id) => [id, await queue.getJobState(id)] as const)),
  );
  return new Map(states.map(([id, state]) => [id, state === 'unknown' ? 'missing' : state]));
}

async function depthOf(queue: Queue): Promise<QueueDepth> {
  const [counts, [oldest]] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'delayed', 'active', 'failed'),
    queue.getJobs(['wait'], 0, 0, true),
  ]);
  const { wait = 0, prioritized = 0, delayed = 0, active = 0, failed = 0 } = counts;
  return {
    queue: queue.name,
    states: { waiting: wait + prioritized, delayed, active, failed },
    oldestWaitingSeconds: oldest === undefined ? 0 : (Date.now() - oldest.timestamp) / 1_000,
  };
}

async function bounded<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('redis gave no answer in time')), sendTimeoutMs);
  });
  // Whoever loses the race must not end the process by failing later.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
