import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const confirmationRow = z.object({
  orderId: z.uuid(),
  number: z.string(),
  tokenVersion: z.int(),
  buyerName: z.string().nullable(),
  locale: z.string(),
  currency: z.string(),
  subtotalCents: z.int(),
  discountCents: z.int(),
  totalCents: z.int(),
  walletCents: z.int(),
  promoCode: z.string().nullable(),
  eventTitle: z.string(),
  venue: z.string(),
  startsAt: z.date(),
  timezone: z.string(),
  tickets: z.array(
    z.object({
      id: z.uuid(),
      serial: z.int(),
      tierName: z.string(),
      holderName: z.string().nullable(),
      eventId: z.uuid(),
      credentialVersion: z.int(),
      signed: z
        .object({
          kid: z.int(),
          signature: z.base64().transform((text) => Buffer.from(text, 'base64')),
        })
        .nullable(),
    }),
  ),
});
export type Confirmation = z.output<typeof confirmationRow>;

/** What an order's confirmation shows; only tickets that admit somebody have a place in it. */
export async function findConfirmation(
  executor: Executor,
  orderId: string,
): Promise<Confirmation | undefined> {
  const { rows } = await executor.raw(
    `select o.id as "orderId", o.number, o.token_version as "tokenVersion",
            o.buyer_name as "buyerName", o.locale, o.currency,
            o.subtotal_cents as "subtotalCents", o.discount_cents as "discountCents",
            o.total_cents as "totalCents", o.wallet_cents as "walletCents",
            (select p.code from promo_codes p where p.id = o.promo_code_id) as "promoCode",
            e.title as "eventTitle", e.venue, e.starts_at as "startsAt", e.timezone,
            coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'serial', k.serial,
                                 'tierName', t.name, 'holderName', k.holder_name, 'eventId', k.event_id,
                                 'credentialVersion', k.credential_version,
                                 'signed', case when k.credential_kid is not null then
                                   jsonb_build_object('kid', k.credential_kid,
                                     'signature', translate(encode(k.credential_signature, 'base64'), E'\n', ''))
                                 end)
                               order by k.serial)
                        from tickets k
                        join ticket_tiers t on t.id = k.tier_id
                       where k.order_id = o.id and k.status = 'valid'
                         and k.transferred_at is null), '[]') as tickets
       from orders o
       join events e on e.id = o.event_id
      where o.id = :orderId`,
    { orderId },
  );
  return confirmationRow.optional().parse(rows[0]);
}
