import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { buyerKey } from '#buyers/address';

const foundRow = z.object({
  id: z.guid(),
  number: z.string(),
  status: z.string(),
  total_cents: z.int(),
  currency: z.string(),
  created_at: z.date(),
  is_cut: z.boolean(),
});

/** The most orders that one answer names. */
export const foundMax = 50;

/**
 * A name is looked for among so many of the newest orders; if that is not enough for an answer among so many of
 * all that have its words; and if those are not either, of all that have words which begin so. Whatever is
 * typed, so many rows are read and no more.
 */
const newestMax = 2_000;
const namesakesMax = 500;
const holdersMax = 2_000;

export interface Found {
  readonly orders: readonly Omit<z.output<typeof foundRow>, 'is_cut'>[];
  /**
   * Whether there are more, or may be: tickets of one name were read no further. Of a name that very many have,
   * those shown need not be the newest.
   */
  readonly isCut: boolean;
}

/**
 * The orders of a name. A name in ASCII, as most are, is first looked at as text, which costs far less than
 * working out its words.
 */
const byName = `
  looked_for as materialized (
    select array_agg('%' || word || '%') as patterns
      from unnest(:words::text[]) part, unnest(words_in(part)) word),
  newest as materialized (
    select id
      from (select id, organization_id, buyer_name, paid_at from orders
             where organization_id = :organizationId and paid_at is not null
             order by paid_at desc limit ${newestMax}) o
     where (lower(buyer_name) like all ((select patterns from looked_for)::text[])
            or octet_length(buyer_name) <> length(buyer_name))
       and words_of(organization_id, buyer_name) @@ all_of(:organizationId::uuid, :words::text[])
     order by paid_at desc limit ${foundMax + 1}),
  whole as materialized (
    select id from orders
     where buyer_name is not null
       and words_of(organization_id, buyer_name) @@ whole_of(:organizationId::uuid, :words::text[])
       and (select count(*) from newest) <= ${foundMax}
     limit ${namesakesMax}),
  held as materialized (
    select order_id as id from tickets
     where holder_name is not null
       and words_of(organization_id, holder_name) @@ whole_of(:organizationId::uuid, :words::text[])
     limit ${holdersMax}),
  named as materialized (
    select id from newest union select id from whole union select id from held),
  begun as materialized (
    select id from orders
     where buyer_name is not null
       and words_of(organization_id, buyer_name) @@ all_of(:organizationId::uuid, :words::text[])
       and (select count(*) from named) <= ${foundMax}
     limit ${namesakesMax}),
  held_begun as materialized (
    select order_id as id from tickets
     where holder_name is not null
       and words_of(organization_id, holder_name) @@ all_of(:organizationId::uuid, :words::text[])
       and (select count(*) from named) <= ${foundMax}
     limit ${holdersMax}),
  read as (
    select greatest((select count(*) from held), (select count(*) from held_begun)) = ${holdersMax}
             as is_cut)`;

/**
 * Orders of an organization by their number or id; an address of who bought or was given a ticket; words
 * of such a name, or where few have them their beginnings; the serial of a ticket; or an id of Stripe's: of a
 * session, payment, charge, refund, dispute or event. Newest first. Each way has an index of its own.
 */
export async function searchOrders(
  executor: Executor,
  search: { readonly organizationId: string; readonly query: string },
): Promise<Found> {
  const { organizationId, query } = search;
  const serial = /^\d{1,9}$/.test(query) ? Number(query) : null;
  const orderId = z.uuid().safeParse(query.toLowerCase()).data ?? null;
  const { rows } = await executor.raw(
    `with ${byName}
     select id, number, status, total_cents, currency, created_at, (select is_cut from read)
       from orders
      where organization_id = :organizationId
        and id in (
          select id from orders where number = upper(:query)
          union all select id from orders where id = :orderId::uuid
          union all select id from orders where buyer_key in (:buyer, lower(:query))
          union all select id from orders where corrected_key = :buyer
          union all select k.order_id from transfers x join tickets k on k.id = x.ticket_id
                     where x.to_key = :buyer
          union all select id from named
          union all select id from begun
          union all select id from held_begun
          union all select order_id from payments where provider_id = :query
          union all select order_id from payments where charge_id = :query
          union all select order_id from checkout_attempts where session_id = :query
          union all select order_id from refunds where stripe_refund_id = :query
          union all select order_id from disputes where id = :query
          union all select coalesce(o.id, p.order_id)
                      from stripe_events e
                      left join orders o
                             on o.id = as_uuid(e.payload #>> '{data,object,client_reference_id}')
                      left join payments p
                             on p.provider_id = e.payload #>> '{data,object,payment_intent}'
                     where e.id = :query
          union all select t.order_id from tickets t join events e on e.id = t.event_id
                     where e.organization_id = :organizationId and t.serial = :serial::integer)
      order by created_at desc, id
      limit ${foundMax + 1}`,
    { organizationId, query, orderId, serial, buyer: buyerKey(query), words: wordsOf(query) },
  );
  const found = z.array(foundRow).parse(rows);
  return {
    orders: found.slice(0, foundMax).map(({ is_cut: _, ...order }) => order),
    isCut: found.length > foundMax || found[0]?.is_cut === true,
  };
}

/** As many words as a name may have: each is looked up. */
const wordsMax = 12;

/** The words of a name to look for: null for an address, an id, a number, or a letter alone. */
function wordsOf(query: string): readonly string[] | null {
  const words =
    query
      .normalize('NFKC')
      .replaceAll(/\p{Cf}/gu, '')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const isOther = /^\S*[@_]\S*$|^(lv-)?\d+$/i.test(query);
  const isName = words.length > 1 || words.some((word) => word.length > 1);
  const different = new Map(words.map((word) => [word.toLowerCase(), word]));
  return isName && !isOther ? [...different.values()].slice(0, wordsMax) : null;
}
