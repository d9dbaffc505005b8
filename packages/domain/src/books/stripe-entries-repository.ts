import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import type { OurEntry } from './stripe-comparison.ts';

const entryRow = z.object({
  ourId: z.uuid(),
  stripeId: z.string(),
  paymentIntentId: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  status: z.enum(['requested', 'submitted', 'succeeded', 'failed', 'cancelled']),
}) satisfies z.ZodType<OurEntry>;

/** Payments that Stripe took. That they are here says that they succeeded. */
const payments = `select id as "ourId", provider_id as "stripeId", provider_id as "paymentIntentId",
        amount_cents as "amountCents", currency, 'succeeded' as status, created_at
   from payments
  where provider = 'stripe'`;

/** Refunds that Stripe has told us of. */
const refunds = `select r.id as "ourId", r.stripe_refund_id as "stripeId",
        p.provider_id as "paymentIntentId", r.amount_cents as "amountCents", r.currency, r.status,
        r.created_at
   from refunds r
   join payments p on p.id = r.payment_id
  where r.stripe_refund_id is not null`;

const entries = { payment: payments, refund: refunds };

/** What we have under these ids of Stripe's. */
export async function listEntries(
  executor: Executor,
  object: keyof typeof entries,
  stripeIds: readonly string[],
): Promise<OurEntry[]> {
  const column = object === 'payment' ? 'provider_id' : 'r.stripe_refund_id';
  const { rows } = await executor.raw(
    `${entries[object]} and ${column} = any (:stripeIds::text[])`,
    { stripeIds: [...stripeIds] },
  );
  return z.array(entryRow).parse(rows);
}

/** A page of what we have since then, by our ids. */
export async function pageEntries(
  executor: Executor,
  object: keyof typeof entries,
  page: { readonly since: Date; readonly afterId: string; readonly limit: number },
): Promise<OurEntry[]> {
  const { rows } = await executor.raw(
    `select "ourId", "stripeId", "paymentIntentId", "amountCents", currency, status
       from (${entries[object]}) e
      where created_at >= :since and "ourId" > :afterId
      order by "ourId"
      limit :limit`,
    page,
  );
  return z.array(entryRow).parse(rows);
}
