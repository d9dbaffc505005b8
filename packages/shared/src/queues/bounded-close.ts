import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue, Worker } from 'bullmq';

/** Below the deadline of a stop, so that what is opened before the worker still closes in order. */
const closeMs = 2_500;

/**
 * Lets running jobs finish, but not for ever: BullMQ waits without end for a Redis that is frozen.
 * A job whose end could not be told comes back when its lock runs out, and its handler must take
 * that anyway.
 */
export async function closeWithin(open: Worker | Queue): Promise<void> {
  const enough = new AbortController();
  const closed = open.close().finally(() => enough.abort());
  closed.catch(() => undefined);
  await Promise.race([closed, sleep(closeMs, undefined, { signal: enough.signal })]).catch(
    () => undefined,
  );
}
