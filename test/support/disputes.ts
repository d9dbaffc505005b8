import { waitFor } from '@liventix/shared/testing/wait';
import { intentOf } from './refunds.ts';
import { count, type Placed, readOrder, stripe, type World } from './world.ts';

/** The buyer's bank takes an order's money back, or asks about it. Returns the dispute's id. */
export async function dispute(
  world: World,
  order: Placed,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { body } = await stripe(world, 'disputes', {
    payment_intent: await intentOf(world, order),
    ...more,
  });
  return body.id;
}

/** Waits until the order's tickets are in these states. */
export async function ticketsBecome(
  world: World,
  order: Placed,
  states: readonly string[],
): Promise<void> {
  await waitFor(
    async () => {
      const { body } = await readOrder(world, order);
      const found = body.tickets?.map(({ status }: { status: string }) => status);
      return JSON.stringify(found?.toSorted()) === JSON.stringify(states.toSorted());
    },
    { what: `tickets of ${order.orderId} to be ${states.join(', ')}` },
  );
}

/** How many incidents of this kind are open about a dispute. */
export async function openAbout(world: World, kind: string, disputeId: string): Promise<number> {
  return await count(
    world,
    'from incidents where kind = :kind and object_id = :disputeId and resolved_at is null',
    { kind, disputeId },
  );
}
