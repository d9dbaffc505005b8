import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { z } from 'zod';
import type { StackInfo } from '#stack/stack';

export interface DemoEvent {
  readonly id: string;
  readonly slug: string;
  readonly tierId: string;
}

const holdAnswer = z.object({ id: z.uuid(), token: z.string() });
const checkoutAnswer = z.object({
  order: z.object({ id: z.uuid(), number: z.string(), token: z.string() }),
  checkout_url: z.url(),
});
const orderAnswer = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.string(),
  total_cents: z.int(),
  currency: z.string(),
  tickets: z.array(
    z.object({ id: z.uuid(), serial: z.string(), qr: z.string().nullable(), tier: z.string() }),
  ),
  mails: z.array(z.object({ status: z.string(), provider_id: z.string().nullable() })),
});

export interface Placed {
  readonly orderId: string;
  readonly orderToken: string;
  readonly number: string;
  readonly checkoutUrl: string;
}

export interface Sale {
  readonly order: z.output<typeof orderAnswer>;
  readonly mailId: string;
  readonly orderPage: string;
  readonly paymentToTicketsMs: number;
}

type Say = (line: string) => void;

const hourMs = 3_600_000;

/** An event on sale for the demonstration, made through the admin API like any other. */
export async function createDemoEvent(stack: StackInfo): Promise<DemoEvent> {
  // Tonight: its doors are open already, and it is sold until it ends.
  const startsAt = new Date(Date.now() + hourMs / 2);
  const slug = `opening-night-${randomUUID().slice(0, 8)}`;
  const event = z.object({ id: z.uuid(), tiers: z.array(z.object({ id: z.uuid() })) }).parse(
    await call(`${stack.urls.ops}/admin/v1/events`, {
      token: stack.adminApiKey,
      body: {
        slug,
        title: 'Opening Night',
        venue: 'The Old Power Station',
        starts_at: startsAt.toISOString(),
        ends_at: new Date(startsAt.getTime() + 12 * hourMs).toISOString(),
        timezone: 'Europe/Zurich',
        currency: 'eur',
        tiers: [
          { name: 'Floor', price_cents: 4_900, capacity: 10_000 },
          { name: 'Balcony', price_cents: 7_900, capacity: 500 },
        ],
        pools: [{ name: 'The hall', capacity: 10_200, tiers: ['Floor', 'Balcony'] }],
      },
    }),
  );
  await call(`${stack.urls.ops}/admin/v1/events/${event.id}/publish`, {
    token: stack.adminApiKey,
    body: {},
  });
  return { id: event.id, slug, tierId: event.tiers[0]?.id ?? '' };
}

/** Holds two tickets and goes to checkout with them. */
export async function placeOrder(
  stack: StackInfo,
  event: DemoEvent,
  say: Say = () => undefined,
): Promise<Placed> {
  const { checkout } = stack.urls;
  const hold = holdAnswer.parse(
    await call(`${checkout}/v1/holds`, {
      idempotencyKey: randomUUID(),
      body: { event: event.slug, items: [{ tier: event.tierId, quantity: 2 }] },
    }),
  );
  say(`held 2 tickets (${hold.id})`);
  const { order, checkout_url: checkoutUrl } = checkoutAnswer.parse(
    await call(`${checkout}/v1/holds/${hold.id}/checkout`, {
      token: hold.token,
      idempotencyKey: randomUUID(),
      body: { buyer: { name: 'Ada Lovelace', email: 'delivered+ada@resend.dev' } },
    }),
  );
  say(`order ${order.number} waits for payment`);
  return { orderId: order.id, orderToken: order.token, number: order.number, checkoutUrl };
}

/** Pays as a person would on the page, and waits for tickets and mail. */
export async function sellOnce(
  stack: StackInfo,
  event: DemoEvent,
  say: Say = () => undefined,
): Promise<Sale> {
  const { checkout, stripe } = stack.urls;
  const placed = await placeOrder(stack, event, say);
  const sessionId = new URL(placed.checkoutUrl).pathname.split('/').at(-1) ?? '';
  const paidAt = performance.now();
  await call(`${stripe}/_simulator/checkout_sessions/${sessionId}/pay`, { body: {} });
  say('paid with 4242 4242 4242 4242');
  const read = async () =>
    orderAnswer.parse(
      await call(`${checkout}/v1/orders/${placed.orderId}`, { token: placed.orderToken }),
    );
  await waitFor(async () => (await read()).status === 'fulfilled', {
    what: `tickets of order ${placed.number}`,
    timeoutMs: 30_000,
  });
  const paymentToTicketsMs = Math.round(performance.now() - paidAt);
  say(`tickets issued ${paymentToTicketsMs} ms after the payment`);
  const order = await waitFor(
    async () => {
      const current = await read();
      return current.mails.some((mail) => mail.provider_id !== null) ? current : undefined;
    },
    { what: `mail of order ${placed.number}`, timeoutMs: 30_000 },
  );
  const mailId = order.mails.find((mail) => mail.provider_id !== null)?.provider_id ?? '';
  say(`mail sent (${mailId})`);
  return {
    order,
    mailId,
    orderPage: `${checkout}/orders/t/${placed.orderToken}`,
    paymentToTicketsMs,
  };
}

/** One request; its answer if it is a good one. */
export async function call(
  url: string,
  request: {
    readonly token?: string;
    readonly idempotencyKey?: string;
    readonly body?: unknown;
  },
): Promise<unknown> {
  const response = await fetch(url, {
    method: request.body === undefined ? 'GET' : 'POST',
    headers: {
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...(request.token !== undefined && { authorization: `Bearer ${request.token}` }),
      ...(request.idempotencyKey !== undefined && { 'idempotency-key': request.idempotencyKey }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  }
  return JSON.parse(text);
}
