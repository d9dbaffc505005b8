import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '@liventix/shared/testing/wait';
import {
  type Answer,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  type SoldEvent,
  setWeather,
  type World,
} from './world.ts';

/** An order that was paid, with its tickets. */
export interface Bought extends Placed {
  readonly ticketIds: readonly string[];
  readonly totalCents: number;
}

export async function buy(world: World, event: SoldEvent, quantity = 2): Promise<Bought> {
  const placed = await placeOrder(world, event, quantity);
  const { body: paid } = await pay(world, placed.sessionId);
  if (paid.outcome !== 'paid') {
    throw new Error(`order ${placed.orderId} was not paid: ${paid.outcome}`);
  }
  const order = await orderBecomes(world, placed, 'fulfilled');
  return {
    ...placed,
    ticketIds: order.tickets.map(({ id }: { id: string }) => id),
    totalCents: order.total_cents,
  };
}

/**
 * Pays a page, and has this done before anybody of us acts on it: no webhook comes, and while its order is
 * locked, nothing that Stripe's list tells can be settled.
 */
export async function payUnheard(
  world: World,
  sessionId: string,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
  await world.db.inTransaction(async (tx) => {
    await tx.raw('set local idle_in_transaction_session_timeout = 0');
    await tx.raw(
      `select 1 from orders
        where id in (select order_id from checkout_attempts where session_id = :sessionId)
          for update`,
      { sessionId },
    );
    const { body } = await pay(world, sessionId);
    if (body.outcome !== 'paid') {
      throw new Error(`session ${sessionId} was not paid: ${body.outcome}`);
    }
    await meanwhile();
  });
  await setWeather(world, 'stripe', {});
}

/** Asks ops for a refund of this order, under a key of its own or the one given. */
export async function refund(
  world: World,
  order: Placed,
  { key = randomUUID(), ...body }: Readonly<Record<string, unknown>> & { readonly key?: string },
): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/orders/${order.orderId}/refunds`, {
    token: world.stack.adminApiKey,
    key,
    body: { reason: 'asked for', ...body },
  });
}

export async function refundsOf(world: World, order: Placed): Promise<Answer['body'][]> {
  const answer = await http(`${world.stack.urls.ops}/admin/v1/orders/${order.orderId}/refunds`, {
    token: world.stack.adminApiKey,
  });
  return answer.body.refunds;
}

/** Waits until the order has these refunds, by their states in the order in which they were made. */
export async function refundsBecome(
  world: World,
  order: Placed,
  statuses: readonly string[],
): Promise<Answer['body'][]> {
  return await waitFor(
    async () => {
      const refunds = await refundsOf(world, order);
      const found = refunds?.map(({ status }) => status);
      return JSON.stringify(found) === JSON.stringify(statuses) ? refunds : undefined;
    },
    { what: `refunds of ${order.orderId} to be ${statuses.join(', ')}` },
  );
}

/** What Stripe's simulator gave back of an order's payment, in minor units. */
export async function givenBackAtStripe(world: World, order: Placed): Promise<number> {
  const intent = await intentOf(world, order);
  const { body } = await http(
    `${world.stack.urls.stripe}/v1/refunds?payment_intent=${intent}&limit=100`,
    { token: world.stack.stripeSecretKey },
  );
  return body.data
    .filter(({ status }: { status: string }) => !['failed', 'canceled'].includes(status))
    .reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0);
}

export async function intentOf(world: World, order: Placed): Promise<string> {
  const { rows } = await world.db.pool.raw(
    `select provider_id as intent from payments
      where order_id = :id and provider <> 'wallet' order by created_at limit 1`,
    { id: order.orderId },
  );
  return rows[0].intent;
}

/** What the ledger says of an order, but for what Stripe kept: its accounts that are not empty. */
export async function booksOf(world: World, order: Placed): Promise<Record<string, number>> {
  const { rows } = await world.db.pool.raw(
    `select e.account, sum(e.amount_cents)::bigint as cents
       from ledger_transactions t
       join ledger_entries e on e.transaction_id = t.id
      where t.order_id = :orderId and t.kind <> 'fee'
      group by e.account
     having sum(e.amount_cents) <> 0`,
    { orderId: order.orderId },
  );
  return Object.fromEntries(
    rows.map(({ account, cents }: { account: string; cents: number }) => [account, cents]),
  );
}

/** Waits until the ledger says this of an order. */
export async function booksBecome(
  world: World,
  order: Placed,
  books: Readonly<Record<string, number>>,
): Promise<void> {
  await waitFor(async () => isDeepStrictEqual(await booksOf(world, order), books), {
    what: `the books of ${order.orderId} to be ${JSON.stringify(books)}`,
  });
}
