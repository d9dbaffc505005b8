import { randomUUID } from 'node:crypto';
import { postRequest } from './hammer.ts';
import type { BenchEvent, Shop } from './load.ts';

/** Somebody who takes holds, and which process that is. */
export interface Holder {
  readonly url: string;
  readonly pid: number;
}

/** Requests for one ticket each, of all the tiers in turn. */
export function nextHold(events: readonly BenchEvent[]): () => string {
  const bodies = events.flatMap((event) =>
    event.tiers.map((tier) =>
      JSON.stringify({ event: event.slug, items: [{ tier, quantity: 1 }] }),
    ),
  );
  let turn = 0;
  return () => {
    turn += 1;
    const body = bodies[turn % bodies.length] ?? '';
    return postRequest('/v1/holds', body, { 'idempotency-key': randomUUID() });
  };
}

/** Fails unless the counters of events, and the holds there are, say that so many are held. */
export async function checkHeld(
  shop: Shop,
  events: readonly BenchEvent[],
  expected: number,
): Promise<void> {
  const { rows } = await shop.db.pool.raw(
    `select sum(t.reserved_quantity)::int as reserved,
            (select coalesce(sum(i.quantity), 0)::int
               from hold_items i
               join ticket_holds h on h.id = i.hold_id and h.status = 'active'
              where i.event_id = any (:events::uuid[])) as held
       from ticket_tiers t where t.event_id = any (:events::uuid[])`,
    { events: events.map((event) => event.id) },
  );
  if (rows[0].reserved !== expected || rows[0].held !== expected) {
    throw new Error(`void: ${expected} were told they hold, and ${JSON.stringify(rows[0])}`);
  }
}
