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

/** Stamps are gathered this long: nothing waits for one, and each statement of its own is a commit. */
const stampEveryMs = 100;

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
  const sent: string[] = [];
  let stamping: NodeJS.Timeout | undefined;
  const track = (work: Promise<void>) => {
    const run = work.catch((error: unknown) => {
      options.log.warn({ err: error }, 'messages wait for the relay');
    });
    underway.add(run);
    run.finally(() => underway.delete(run)).catch(() => undefined);
  };
  const stamp = () => {
    clearTimeout(stamping);
    stamping = undefined;
    if (sent.length > 0) {
      track(markMessagesDispatched(options.executor(), sent.splice(0)));
    }
  };
  const carry = async (messages: readonly OutboxMessage[]) => {
    sent.push(...(await options.producer.send(messages)));
    stamping ??= setTimeout(stamp, stampEveryMs);
  };
  return {
    send: (announced) => track(carry(announced as readonly OutboxMessage[])),
    drain: async () => {
      await Promise.allSettled(underway);
      stamp();
      await Promise.allSettled(underway);
    },
  };
}
