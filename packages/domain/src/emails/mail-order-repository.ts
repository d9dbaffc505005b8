import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const mailOrderRow = z.object({
  orderId: z.uuid(),
  number: z.string(),
  tokenVersion: z.int(),
  buyerName: z.string().nullable(),
  locale: z.string(),
  eventTitle: z.string(),
  eventLocale: z.string(),
  venue: z.string(),
  startsAt: z.date(),
  timezone: z.string(),
});
export type MailOrder = z.output<typeof mailOrderRow>;

/** The order a mail is about, and its event. */
export async function findMailOrder(
  executor: Executor,
  orderId: string,
): Promise<MailOrder | undefined> {
  const { rows } = await executor.raw(
    `select o.id as "orderId", o.number, o.token_version as "tokenVersion",
            o.buyer_name as "buyerName", o.locale, e.title as "eventTitle",
            e.locale as "eventLocale", e.venue, e.starts_at as "startsAt", e.timezone
       from orders o
       join events e on e.id = o.event_id
      where o.id = :orderId`,
    { orderId },
  );
  return mailOrderRow.optional().parse(rows[0]);
}
