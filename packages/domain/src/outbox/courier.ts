import type { Executor } from '@liventix/shared/db';
import type { Producer } from '@liventix/shared/queues/producer';
import type { Log } from '@liventix/shared/telemetry/logger';
import { markMessagesDispatched, type OutboxMessage } from './outbox-repository.ts';

export interface Courier {
  /** Takes what a committed transaction announced to Redis, in the background. */
  send(announced: readonly unknown[]): void;
  /** Waits for what is on its way; each send is bounded to a second. */
  drain(): Promise<void>;
}

/**
 * Messages reach Redis right after their commit, without the request waiting for it. Whatever goes
 * wrong here is left to the relay, which finds the rows undispatched.
 */
export function createCourier(options: {
  readonly producer: Producer;
  readonly executor: () => Executor;
  readonly log: Log;
}): Courier {
  const underway = new Set<Promise<void>>();
  const carry = async (messages: readonly OutboxMessage[]) => {
    try {
      const taken = await options.producer.send(messages);
      if (taken.length > 0) {
        await markMessagesDispatched(options.executor(), taken);
      }
    } catch (error) {
      options.log.warn({ err: error }, 'messages wait for the relay');
    }
  };
  return {
    send: (announced) => {
      const run = carry(announced as readonly OutboxMessage[]);
      underway.add(run);
      run.finally(() => underway.delete(run)).catch(() => undefined);
    },
    drain: async () => {
      await Promise.allSettled(underway);
    },
  };
}
