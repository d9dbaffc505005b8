import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/** Names of who will come in by an order, a tier each. */
export interface Holders {
  readonly orderId: string;
  readonly named: readonly { readonly tierId: string; readonly names: readonly string[] }[];
}

/**
 * Names who will come in with the tickets of an order, in the place of whoever was named before.
 * Returns false when a line is named that the order does not have or more people than it has tickets:
 * then the caller rolls back.
 */
export async function setHolders(tx: Transaction, holders: Holders): Promise<boolean> {
  const { orderId, named } = holders;
  await tx.raw(
    'update order_items set holder_names = null where order_id = :orderId and holder_names is not null',
    { orderId },
  );
  if (named.length === 0) {
    return true;
  }
  const { rows } = await tx.raw(
    `update order_items i
        set holder_names = array(select jsonb_array_elements_text(n.names))
       from jsonb_to_recordset(:named::jsonb) as n ("tierId" uuid, names jsonb)
      where i.order_id = :orderId and i.tier_id = n."tierId"
        and jsonb_array_length(n.names) <= i.quantity
      returning i.id`,
    { orderId, named: JSON.stringify(named) },
  );
  return z.array(z.unknown()).parse(rows).length === named.length;
}
