import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import { z } from 'zod';
import { isDatabaseFault } from '#db/faults';
import { sqlStateOf } from '#db/sqlstate';
import { AppError, coerceError } from '#errors/errors';
import type { RedisClient } from '#redis/redis';
import { impersonalMessage } from '#telemetry/impersonal-error';
import type { Log } from '#telemetry/logger';
import { observeJobEnd } from '#telemetry/metrics';
import { inTrace } from '#telemetry/tracing';
import { closeWithin } from './bounded-close.ts';
import { observedRun, traceOf } from './observed-run.ts';
import { backoffMs, dependencyWaitMaxMs } from './retry.ts';

/** What a consumer needs to know of a job. The catalogue itself is the caller's. */
export type Catalogue = Readonly<
  Record<
    string,
    {
      readonly queue: string;
      readonly payload: z.ZodType;
      readonly attempts: number;
      readonly backoffMs: number;
    }
  >
>;

export type QueueOf<Jobs extends Catalogue> = Jobs[keyof Jobs]['queue'];

/** The job's id is the message's: the handler closes that message with its work. */
export interface Message {
  readonly id: string;
}

export type Handlers<Jobs extends Catalogue, Queue extends QueueOf<Jobs>> = {
  readonly [Name in keyof Jobs as Jobs[Name]['queue'] extends Queue ? Name : never]: (
    payload: z.output<Jobs[Name]['payload']>,
    message: Message,
  ) => Promise<void>;
};

export interface ConsumerOptions<Jobs extends Catalogue, Queue extends QueueOf<Jobs>> {
  readonly catalogue: Jobs;
  readonly queue: Queue;
  readonly handlers: Handlers<Jobs, Queue>;
  readonly connection: RedisClient;
  readonly prefix: string;
  readonly concurrency: number;
  readonly lockMs?: number;
  readonly name: string;
  readonly log: Log;
  /** Called after each run that did not end its work. */
  readonly onAttempt: (attempt: EndedAttempt) => Promise<void>;
  /** Called once a message will not be tried again. */
  readonly onDead: (messageId: string, jobName: string, reason: string) => Promise<void>;
}

/** A run of a job that failed, waits for a dependency, or ended with its worker. */
export interface EndedAttempt {
  readonly messageId: string;
  /** How often the job had been started, this time included; null when its worker was lost. */
  readonly attempt: number | null;
  readonly outcome: 'failed' | 'waiting' | 'lost';
  readonly error: string;
}

/**
 * BullMQ's defaults bring a killed worker's job back after a minute and give it up at the second
 * kill. Five seconds of lock bring it back within ten; twenty stalls let a job survive a row of
 * crashes that are not its fault, and end one that kills whoever takes it.
 */
export const workerSettings = {
  maxStalledCount: 20,
  drainDelay: 2,
  removeOnComplete: { age: 3_600, count: 5_000 },
  removeOnFail: { age: 14 * 86_400, count: 50_000 },
} as const;

/** Of a lock's time, between two looks for jobs whose lock ran out. */
const stalledShare = 0.4;

/** How long a killed worker's job stays its own, and how often such jobs are looked for. */
export function lockSettings(lockMs = 5_000): { lockDuration: number; stalledInterval: number } {
  return { lockDuration: lockMs, stalledInterval: lockMs * stalledShare };
}

export interface Consumer {
  /** Takes no more jobs and lets the running ones finish, for a bounded time. */
  close(): Promise<void>;
}

type AnyHandler = (payload: unknown, message: Message) => Promise<void>;

/**
 * A worker over one queue. A missing or foreign handler is a compile error; a payload that does not
 * parse is dead at once; `permanent` errors are dead at once; a dependency's fault waits without
 * costing an attempt; any other error costs one.
 */
export function createConsumer<Jobs extends Catalogue, const Queue extends QueueOf<Jobs>>(
  options: ConsumerOptions<Jobs, Queue>,
): Consumer {
  const handlers = new Map(Object.entries(options.handlers as Record<string, AnyHandler>));
  const worker = new Worker(
    options.queue,
    async (job: Job, token?: string, _signal?: AbortSignal) => {
      await observedRun(job, async () => {
        try {
          await handle(options.catalogue, handlers, job);
        } catch (thrown) {
          const error = coerceError(thrown);
          const outcome = isWorthWaiting(error, job) ? 'waiting' : 'failed';
          await note(options, { job, outcome, error });
          const { backoffMs: baseMs = 1_000 } = options.catalogue[job.name] ?? {};
          await rethrow(error, { job, token, baseMs, outcome });
        }
      });
    },
    {
      ...workerSettings,
      ...lockSettings(options.lockMs),
      connection: options.connection,
      prefix: options.prefix,
      concurrency: options.concurrency,
      // Bull Board shows which instance took a job.
      name: `${options.name}/${process.pid}`,
      settings: { backoffStrategy: (tries: number) => backoffMs(tries, 1_000) },
    },
  );
  worker.on('error', (error) => options.log.warn({ err: error }, 'worker fault'));
  worker.on('failed', (job, error) =>
    inTrace(job && traceOf(job), () => reportFailure({ job, error, options })),
  );
  worker.on('stalled', (messageId) => {
    const error = 'Its worker ended, or stood still for longer than its lock.';
    void noteBy(options, { messageId, attempt: null, outcome: 'lost', error });
  });
  return { close: async () => await closeWithin(worker) };
}

/** Gives a job to its handler. What has none, or does not parse, is given up at once. */
async function handle(
  catalogue: Catalogue,
  handlers: ReadonlyMap<string, AnyHandler>,
  job: Job,
): Promise<void> {
  const contract = catalogue[job.name];
  const handler = handlers.get(job.name);
  if (contract === undefined || handler === undefined || job.id === undefined) {
    throw new UnrecoverableError(`${job.queueName} has no handler for ${job.name}`);
  }
  const payload = contract.payload.safeParse(job.data);
  if (!payload.success) {
    throw new UnrecoverableError(`${job.name}: ${z.prettifyError(payload.error)}`);
  }
  await handler(payload.data, { id: job.id });
}

/**
 * Why a run failed, as it may be kept: by the error's code, and without what is quoted in it. Postgres' own
 * sentence stands behind the statement that it refused.
 */
function reasonOf(error: Error): string {
  const code = error instanceof AppError ? error.code : sqlStateOf(error);
  const { message } = error;
  const said = error instanceof AppError ? message : message.slice(message.lastIndexOf(' - ') + 1);
  const text = said.replace(/^- /, '').replaceAll(/\s+/g, ' ');
  return impersonalMessage(code === undefined ? text : `${code}: ${text}`);
}

type Noting = Pick<ConsumerOptions<Catalogue, string>, 'log' | 'onAttempt'>;

async function note(
  options: Noting,
  run: { readonly job: Job; readonly outcome: EndedAttempt['outcome']; readonly error: Error },
): Promise<void> {
  const { job, outcome, error } = run;
  if (job.id !== undefined) {
    const attempt = job.attemptsStarted;
    await noteBy(options, { messageId: job.id, attempt, outcome, error: reasonOf(error) });
  }
}

/** A note that cannot be taken, with the database away, changes nothing of what becomes of the job. */
async function noteBy({ log, onAttempt }: Noting, attempt: EndedAttempt): Promise<void> {
  try {
    await onAttempt(attempt);
  } catch (error) {
    log.debug({ jobId: attempt.messageId, err: coerceError(error) }, 'an attempt is not noted');
  }
}

/** Whether what failed is away, and has not been for longer than anybody would wait. */
function isWorthWaiting(error: Error, job: Job): boolean {
  const isAway = error instanceof AppError ? error.dependency : isDatabaseFault(error);
  return isAway && Date.now() - job.timestamp < dependencyWaitMaxMs;
}

/** Translates an error into what BullMQ does next, and keeps its origin. */
async function rethrow(
  error: Error,
  run: {
    readonly job: Job;
    readonly token: string | undefined;
    readonly baseMs: number;
    readonly outcome: 'waiting' | 'failed';
  },
): Promise<never> {
  if (run.outcome === 'waiting') {
    const { retryAfterMs } = error instanceof AppError ? error.details : {};
    const waitMs =
      typeof retryAfterMs === 'number'
        ? retryAfterMs
        : backoffMs(run.job.attemptsStarted, run.baseMs);
    await run.job.moveToDelayed(Date.now() + waitMs, run.token);
    throw new DelayedError();
  }
  if (error instanceof AppError && error.retry === 'permanent') {
    const final = new UnrecoverableError(`${error.code}: ${error.message}`);
    throw Object.assign(final, { cause: error });
  }
  throw error;
}

/** `finishedOn` is set exactly when no try is left; counting attempts misses the unrecoverable. */
function reportFailure(failure: {
  readonly job: Job | undefined;
  readonly error: Error;
  readonly options: {
    readonly log: Log;
    readonly onDead: (messageId: string, jobName: string, reason: string) => Promise<void>;
  };
}): void {
  const { job, error, options } = failure;
  const ids = { jobId: job?.id, jobName: job?.name, attempt: job?.attemptsMade };
  if (job?.id === undefined || job.finishedOn === undefined) {
    options.log.warn({ ...ids, err: error }, 'job failed and will be tried again');
    return;
  }
  observeJobEnd(job.name, 'dead', job.attemptsMade);
  options.log.error({ ...ids, err: error }, 'job is dead: see its incident');
  options.onDead(job.id, job.name, reasonOf(error)).catch((fault: unknown) => {
    options.log.error({ ...ids, err: fault }, 'could not record a dead job; the relay will');
  });
}
