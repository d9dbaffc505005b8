import { orderBecomes, type Placed, setWeather, type World } from './world.ts';

/** Lets the hold's time run out, as if its minutes had passed. */
export async function endTime(world: World, placed: Placed): Promise<void> {
  await world.db.pool.raw(
    `update ticket_holds set expires_at = clock_timestamp()
      where id = :holdId and status = 'active' and expires_at <> 'infinity'`,
    { holdId: placed.holdId },
  );
}

/** Frees the order's seats as if Stripe had been unreachable until five minutes past its page. */
export async function freeWithoutStripe(world: World, placed: Placed): Promise<void> {
  await setWeather(world, 'stripe', { down: true });
  await world.db.pool.raw(
    `update checkout_attempts set expires_at = now() - interval '6 minutes'
      where order_id = :orderId`,
    { orderId: placed.orderId },
  );
  await endTime(world, placed);
  await orderBecomes(world, placed, 'expired');
  await setWeather(world, 'stripe', {});
}
