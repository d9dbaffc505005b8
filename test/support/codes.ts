import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, http, type Placed, type SoldEvent, type World } from './world.ts';

/** One request of staff: `POST /events/{id}/promo-codes` and its body. */
export async function admin(world: World, route: string, body?: unknown): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  return await http(`${world.stack.urls.ops}/admin/v1${path}`, {
    method,
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
  });
}

export interface MadeCode {
  readonly id: string;
  readonly code: string;
}

type Terms = Readonly<Record<string, unknown>>;

export async function makePromo(world: World, event: SoldEvent, terms: Terms): Promise<MadeCode> {
  return await makeCode(world, `POST /events/${event.id}/promo-codes`, terms);
}

/** A code that shows the first tier of the event. */
export async function makeAccess(
  world: World,
  event: SoldEvent,
  terms: Terms = {},
): Promise<MadeCode> {
  const tiers = event.tierIds.slice(0, 1);
  return await makeCode(world, `POST /events/${event.id}/access-codes`, { tiers, ...terms });
}

async function makeCode(world: World, route: string, terms: Terms): Promise<MadeCode> {
  const made = await admin(world, route, { code: `C-${randomUUID().slice(0, 8)}`, ...terms });
  expect(made.status, made.text).toBe(201);
  return made.body;
}

/** In how many orders a code is now, as staff see it. */
export async function usedOf(world: World, event: SoldEvent, code: MadeCode): Promise<number> {
  const promos = await admin(world, `GET /events/${event.id}/promo-codes`);
  const accesses = await admin(world, `GET /events/${event.id}/access-codes`);
  const listed = [...promos.body.promo_codes, ...accesses.body.access_codes];
  return listed.find((one: MadeCode) => one.id === code.id).used;
}

export interface Wish {
  readonly quantities?: readonly number[];
  readonly accessCode?: string;
  readonly promo?: string;
  readonly email?: string;
}

export async function hold(world: World, event: SoldEvent, wish: Wish = {}): Promise<Answer> {
  const items = (wish.quantities ?? [1]).flatMap((quantity, index) =>
    quantity > 0 ? [{ tier: event.tierIds[index], quantity }] : [],
  );
  const code = wish.accessCode === undefined ? {} : { access_code: wish.accessCode };
  return await http(`${world.stack.urls.checkout}/v1/holds`, {
    key: randomUUID(),
    body: { event: event.slug, items, ...code },
  });
}

export async function checkOut(world: World, held: Answer, wish: Wish = {}): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/holds/${held.body.id}/checkout`, {
    token: held.body.token,
    key: randomUUID(),
    body: {
      buyer: { name: 'Ada', email: wish.email ?? `delivered+${randomUUID()}@resend.dev` },
      ...(wish.promo !== undefined && { promo_code: wish.promo }),
    },
  });
}

export function placedBy(held: Answer, checkout: Answer): Placed {
  expect(checkout.status, checkout.text).toBe(201);
  const { order, checkout_url: url } = checkout.body;
  return {
    holdId: held.body.id,
    holdToken: held.body.token,
    orderId: order.id,
    orderToken: order.token,
    sessionId: url === null ? '' : (new URL(url).pathname.split('/').at(-1) ?? ''),
  };
}

export async function place(world: World, event: SoldEvent, wish: Wish = {}): Promise<Placed> {
  const held = await hold(world, event, wish);
  return placedBy(held, await checkOut(world, held, wish));
}

/** Holds and checks out; the code of what refuses it, or 'placed'. */
export async function attempt(world: World, event: SoldEvent, wish: Wish): Promise<string> {
  const held = await hold(world, event, wish);
  const checkout = held.status === 201 ? await checkOut(world, held, wish) : held;
  return checkout.status === 201 ? 'placed' : checkout.body.code;
}

/** What Stripe was asked to charge, by line, and what was paid. */
export async function chargedFor(world: World, placed: Placed) {
  const { rows } = await world.db.pool.raw(
    `select a.parameters, p.amount_cents as paid
       from checkout_attempts a
       left join payments p on p.order_id = a.order_id and p.disposition = 'tickets'
      where a.order_id = :orderId
      order by a.id desc limit 1`,
    { orderId: placed.orderId },
  );
  const [{ parameters, paid }] = rows;
  const lines = parameters.line_items.map(
    (line: { price_data: { unit_amount: number } }) => line.price_data.unit_amount,
  );
  return { lines, paid };
}

/** Lets the hold's time run out, as if its minutes had passed. */
export async function endTime(world: World, placed: Placed): Promise<void> {
  await world.db.pool.raw(
    `update ticket_holds set expires_at = clock_timestamp()
      where id = :holdId and status = 'active' and expires_at <> 'infinity'`,
    { holdId: placed.holdId },
  );
}
