import {
  type Arrival,
  findStoredEvents,
  type ReceivedEvent,
  receiveStripeEvents,
} from '@liventix/domain/inbox/repository';
import { Coalescer } from '@liventix/shared/batching';
import type { Database } from '@liventix/shared/db';

/** Events that arrive while others are being stored are stored together by the next transaction. */
export type EventInbox = Coalescer<Arrival, ReceivedEvent>;

/** One queue for all: events of one moment share a transaction, whatever they are about. */
export const everyEvent = 'stripe';

export function createEventInbox(deps: { readonly db: Database }): EventInbox {
  const { db } = deps;
  return new Coalescer({
    name: 'stripe_events',
    // Three kilobytes each: a batch stays below half a megabyte.
    batchMax: 128,
    waitingMax: 4_096,
    inFlightMax: 1,
    // Stripe waits ten seconds and more; after a refusal it sends the event again.
    deadlineMs: 4_000,
    commit: async (_key, arrivals) =>
      await db.inTransaction(async (tx) => await receiveStripeEvents(tx, arrivals)),
    recall: async (_key, arrivals) => {
      const stored = await findStoredEvents(
        db.pool,
        arrivals.map(({ event }) => event.id),
      );
      return arrivals.map(({ event }) =>
        stored.has(event.id) ? { outcome: 'known' as const } : undefined,
      );
    },
  });
}
