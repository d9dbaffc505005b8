import { markMessageDead } from '@liventix/domain/outbox/dead-repository';
import {
  claimUndispatched,
  listDispatchedOpen,
  listStillOpen,
} from '@liventix/domain/outbox/relay-repository';
import type { OutboxMessage } from '@liventix/domain/outbox/repository';
import { markMessagesDispatched } from '@liventix/domain/outbox/repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import { tryAdvisoryLock } from '@liventix/shared/locks/advisory-lock';
import type { MessageState, Producer } from '@liventix/shared/queues/producer';
import type { Log } from '@liventix/shared/telemetry/logger';

export interface RelayDeps {
  readonly db: Database;
  readonly producer: Producer;
  readonly log: Log;
}

export interface Relay {
  run(): Promise<void>;
}

/** One pipeline to Redis. */
const batchSize = 500;

/** Batches of either kind in one run; the next run goes on. */
const batchesMax = 4;

/** The process that wrote a row sends it itself and stamps it within this. */
const courierMs = 2_000;

/** A message that was handed over this long ago and is not done is asked about. */
const restMs = 10_000;

/** Between two walks through all open messages: a backlog is not asked about every second. */
const walkEveryMs = 5_000;

const firstId = '00000000-0000-0000-0000-000000000000';

/** Where the walk through the open messages stands. Lost with the process: it begins anew. */
interface Walk {
  afterId: string;
  beganAt: number;
}

/**
 * Heals what lies between Postgres and Redis: sends what never got there, and what Redis lost. What
 * is done about an open message follows from its state in Redis, never from its age alone. No call
 * to Redis stands in a transaction. Two relays at once are harmless: a job's id is its message's.
 */
export function createRelay(deps: RelayDeps): Relay {
  const walk: Walk = { afterId: firstId, beganAt: Number.NEGATIVE_INFINITY };
  return {
    run: async () => {
      await sendUndispatched(deps);
      await healDispatched(deps, walk);
    },
  };
}

async function sendUndispatched(deps: RelayDeps): Promise<void> {
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const claimed = await deps.db.inTransaction(async (tx) =>
      (await tryAdvisoryLock(tx, 'outbox.relay'))
        ? await claimUndispatched(tx, { limit: batchSize, olderThanMs: courierMs })
        : [],
    );
    const states = await statesOf(deps, claimed);
    if (claimed.length === 0 || states === undefined) {
      return;
    }
    // The courier may have been killed between Redis and its stamp; a replayed message may meet
    // its own dead job. Only what is not on its way is sent.
    const [underWay, absent] = split(claimed, (message) => isUnderWay(states.get(message.id)));
    const taken = await resend(deps, await onlyOpen(deps, absent));
    const ids = [...underWay.map((message) => message.id), ...taken];
    await markMessagesDispatched(deps.db.pool, ids);
    deps.log.info({ claimed: claimed.length, sent: taken.length }, 'undispatched messages relayed');
    if (ids.length < claimed.length || claimed.length < batchSize) {
      return;
    }
  }
}

async function healDispatched(deps: RelayDeps, walk: Walk): Promise<void> {
  if (walk.afterId === firstId) {
    if (performance.now() - walk.beganAt < walkEveryMs) {
      return;
    }
    walk.beganAt = performance.now();
  }
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const open = await listDispatchedOpen(deps.db.pool, {
      limit: batchSize,
      olderThanMs: restMs,
      afterId: walk.afterId,
    });
    const states = await statesOf(deps, open);
    if (states === undefined) {
      return;
    }
    await heal(deps, open, states);
    const last = open.at(-1);
    walk.afterId = last === undefined || open.length < batchSize ? firstId : last.id;
    if (walk.afterId === firstId) {
      return;
    }
  }
}

/** A consumer commits before its job ends, so what is ended in Redis and still open here is lost. */
async function heal(
  deps: RelayDeps,
  messages: readonly OutboxMessage[],
  states: ReadonlyMap<string, MessageState>,
): Promise<void> {
  const suspects = messages.filter((message) => !isUnderWay(states.get(message.id)));
  const lost = await onlyOpen(deps, suspects);
  const [failed, absent] = split(lost, (message) => states.get(message.id) === 'failed');
  await giveUp(deps, failed);
  const completed = absent.filter((message) => states.get(message.id) === 'completed');
  if (completed.length > 0) {
    deps.log.warn(
      { messageIds: completed.map((message) => message.id) },
      'jobs ended without closing their messages; they run again',
    );
  }
  const taken = await resend(deps, absent);
  if (absent.length > 0) {
    deps.log.warn({ lost: absent.length, sent: taken.length }, 'messages that Redis lost');
  }
}

/** The consumer that saw the last failure could not record it: the database was away then. */
async function giveUp(deps: RelayDeps, failed: readonly OutboxMessage[]): Promise<void> {
  for (const message of failed) {
    await deps.db.inTransaction(async (tx) => {
      await markMessageDead(tx, {
        messageId: message.id,
        jobName: message.name,
        error: 'The job failed for good, and its reason could not be recorded then.',
      });
    });
    deps.log.error({ messageId: message.id, jobName: message.name }, 'a failed job is dead');
  }
}

/** Undefined when Redis gives no answer: nothing is decided then, and the next run asks again. */
async function statesOf(
  deps: RelayDeps,
  messages: readonly OutboxMessage[],
): Promise<Map<string, MessageState> | undefined> {
  const states = new Map<string, MessageState>();
  try {
    for (const [queue, group] of Map.groupBy(messages, (message) => message.queue)) {
      const ids = group.map((message) => message.id);
      for (const [id, state] of await deps.producer.states(queue, ids)) {
        states.set(id, state);
      }
    }
    return states;
  } catch (error) {
    deps.log.warn({ err: coerceError(error) }, 'the relay waits for Redis');
    return undefined;
  }
}

/** Asked after their states: without those whose work was done in between. */
async function onlyOpen(
  deps: RelayDeps,
  messages: readonly OutboxMessage[],
): Promise<OutboxMessage[]> {
  if (messages.length === 0) {
    return [];
  }
  const ids = messages.map((message) => message.id);
  const open = await listStillOpen(deps.db.pool, ids);
  return messages.filter((message) => open.has(message.id));
}

async function resend(deps: RelayDeps, messages: readonly OutboxMessage[]): Promise<string[]> {
  if (messages.length === 0) {
    return [];
  }
  try {
    return await deps.producer.resend(messages);
  } catch (error) {
    deps.log.warn({ err: coerceError(error) }, 'the relay waits for Redis');
    return [];
  }
}

/** Some worker has it or will take it. `missing` covers a job of which Redis kept only remains. */
function isUnderWay(state: MessageState | undefined): boolean {
  switch (state) {
    case undefined:
    case 'missing':
    case 'unknown':
    case 'failed':
    case 'completed':
      return false;
    default:
      return true;
  }
}

function split<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}
