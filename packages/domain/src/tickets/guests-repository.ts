import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const guestRow = z.object({
  serial: z.int(),
  tier: z.string(),
  holder: z.string().nullable(),
  buyer: z.string().nullable(),
  order: z.string(),
  status: z.string(),
  admittedAt: z.date().nullable(),
});
export type Guest = z.output<typeof guestRow>;

/** Read by one statement: a list of any length holds up nobody. */
const pageMax = 1_000;

/** Who has a ticket for an event, in the order of their serials, page by page. */
export async function* listGuests(
  executor: Executor,
  eventId: string,
): AsyncGenerator<readonly Guest[]> {
  let after = 0;
  for (;;) {
    const { rows } = await executor.raw(
      `select k.serial, t.name as tier, k.holder_name as holder, o.buyer_name as buyer,
              o.number as "order", k.status, k.admitted_at as "admittedAt"
         from tickets k
         join ticket_tiers t on t.id = k.tier_id
         join orders o on o.id = k.order_id
        where k.event_id = :eventId and k.serial > :after
        order by k.serial
        limit ${pageMax}`,
      { eventId, after },
    );
    const guests = z.array(guestRow).parse(rows);
    const last = guests.at(-1);
    if (last === undefined) {
      return;
    }
    yield guests;
    after = last.serial;
  }
}
