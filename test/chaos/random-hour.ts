import { randomUUID } from 'node:crypto';
import {
  type Answer,
  http,
  type Placed,
  pay,
  placeOrder,
  type SoldEvent,
  stripe,
  type World,
} from '#support/world';

/** The same seed is the same hour, as far as the machine's own timing lets it. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Tries again until somebody answers: services are killed, and Stripe is slow. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 20) {
        throw error;
      }
    }
  }
}

/** One buyer of the hour, and what becomes of the order. Returns whether it was paid. */
export async function liveThrough(
  world: World,
  event: SoldEvent,
  roll: () => number,
): Promise<boolean> {
  const placed = await patiently(
    async () => await placeOrder(world, event, 1 + Math.floor(roll() * 3)),
  );
  if (roll() < 0.08) {
    return false;
  }
  // Asked rather than told: the answer to a payment may have been lost.
  await patiently(async () => await pay(world, placed.sessionId));
  if (!(await isPaid(world, placed))) {
    return false;
  }
  const fate = roll();
  if (fate < 0.2) {
    await refundSome(world, placed, roll);
  } else if (fate < 0.35) {
    await inTheDashboard(world, placed, roll);
  } else if (fate < 0.43) {
    await disputed(world, placed, roll);
  }
  return true;
}

/** Ops refunds all of it or a part; too early, disputed or twice is refused, which is as well. */
async function refundSome(world: World, order: Placed, roll: () => number): Promise<void> {
  const body = { reason: 'an hour of chance', ...(roll() < 0.5 && { amount_cents: 500 }) };
  const presses = roll() < 0.2 ? 2 : 1;
  await Promise.all(
    Array.from({ length: presses }, async () => {
      const key = randomUUID();
      await patiently(
        async () =>
          await http(`${world.stack.urls.ops}/admin/v1/orders/${order.orderId}/refunds`, {
            token: world.stack.adminApiKey,
            key,
            body,
          }),
      );
    }),
  );
}

async function inTheDashboard(world: World, order: Placed, roll: () => number): Promise<void> {
  const part = roll() < 0.5 ? { amount: 700 } : {};
  const { body } = await stripe(world, 'refunds', {
    payment_intent: await intentAtStripe(world, order),
    ...part,
  });
  if (typeof body?.id === 'string' && roll() < 0.15) {
    await stripe(world, `refunds/${body.id}/fail`, {});
  }
}

async function disputed(world: World, order: Placed, roll: () => number): Promise<void> {
  const { body } = await stripe(world, 'disputes', {
    payment_intent: await intentAtStripe(world, order),
    inquiry: roll() < 0.2,
  });
  const end = roll();
  if (end < 0.35) {
    await stripe(world, `disputes/${body.id}/win`, {});
  } else if (end < 0.7) {
    await stripe(world, `disputes/${body.id}/lose`, {});
  }
}

async function isPaid(world: World, placed: Placed): Promise<boolean> {
  return (await sessionAtStripe(world, placed)).payment_status === 'paid';
}

async function intentAtStripe(world: World, placed: Placed): Promise<string> {
  return (await sessionAtStripe(world, placed)).payment_intent;
}

async function sessionAtStripe(world: World, { sessionId }: Placed): Promise<Answer['body']> {
  return await patiently(async () => {
    const { body } = await http(`${world.stack.urls.stripe}/v1/checkout/sessions/${sessionId}`, {
      token: world.stack.stripeSecretKey,
    });
    if (body?.id !== sessionId) {
      throw new Error(`session ${sessionId} was not read`);
    }
    return body;
  });
}
