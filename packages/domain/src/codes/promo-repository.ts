import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Discount } from './discount.ts';
import type { PromoCode } from './promo-code.ts';

const promoRow = z
  .object({
    id: z.uuid(),
    code: z.string(),
    percent: z.int().nullable(),
    amount_cents: z.int().nullable(),
    tier_ids: z.array(z.uuid()),
    starts_at: z.date().nullable(),
    ends_at: z.date().nullable(),
    is_disabled: z.boolean(),
    is_exhausted: z.boolean(),
    as_of: z.date(),
  })
  .transform(
    (row): PromoCode => ({
      id: row.id,
      code: row.code,
      discount: toDiscount(row),
      tierIds: row.tier_ids,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      isDisabled: row.is_disabled,
      isExhausted: row.is_exhausted,
      asOf: row.as_of,
    }),
  );

function toDiscount(row: { percent: number | null; amount_cents: number | null }): Discount {
  return row.percent === null
    ? { kind: 'amount', amountCents: row.amount_cents ?? 0 }
    : { kind: 'percent', percent: row.percent };
}

/** The event's code that a buyer typed, in whatever case. */
export async function findPromoCode(
  executor: Executor,
  named: { readonly eventId: string; readonly code: string },
): Promise<PromoCode | undefined> {
  const { rows } = await executor.raw(
    `select p.id, p.code, p.percent, p.amount_cents, p.starts_at, p.ends_at,
            p.disabled_at is not null as is_disabled,
            coalesce(p.used >= p.max_redemptions, false) as is_exhausted,
            clock_timestamp() as as_of,
            array(select tier_id::text from promo_code_tiers where promo_code_id = p.id) as tier_ids
       from promo_codes p
      where p.event_id = :eventId and lower(p.code) = lower(:code)`,
    named,
  );
  return rows[0] === undefined ? undefined : promoRow.parse(rows[0]);
}

export interface NewPromoCode {
  readonly organizationId: string;
  readonly eventId: string;
  readonly code: string;
  readonly discount: Discount;
  /** Empty: every tier of the event. */
  readonly tierIds: readonly string[];
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly maxRedemptions: number | null;
  readonly maxPerBuyer: number | null;
}

/**
 * Makes a code. Undefined when the event lacks one of the tiers; then nothing may be committed. The
 * unique index raises when the event has the code already.
 */
export async function insertPromoCode(
  tx: Transaction,
  promo: NewPromoCode,
): Promise<string | undefined> {
  const id = randomUUIDv7();
  const { discount, tierIds, ...columns } = promo;
  await tx.raw(
    `insert into promo_codes (id, organization_id, event_id, code, percent, amount_cents, starts_at,
                              ends_at, max_redemptions, max_per_buyer)
     values (:id, :organizationId, :eventId, :code, :percent, :amountCents, :startsAt, :endsAt,
             :maxRedemptions, :maxPerBuyer)`,
    {
      id,
      ...columns,
      percent: discount.kind === 'percent' ? discount.percent : null,
      amountCents: discount.kind === 'amount' ? discount.amountCents : null,
    },
  );
  const wanted = [...new Set(tierIds)];
  const { rowCount } = await tx.raw(
    `insert into promo_code_tiers (promo_code_id, tier_id, event_id)
     select :id, t.id, t.event_id
       from ticket_tiers t
      where t.event_id = :eventId and t.id = any (:wanted::uuid[])`,
    { id, eventId: promo.eventId, wanted },
  );
  return rowCount === wanted.length ? id : undefined;
}

const listedPromo = z.object({
  id: z.uuid(),
  eventId: z.uuid(),
  code: z.string(),
  percent: z.int().nullable(),
  amountCents: z.int().nullable(),
  tierIds: z.array(z.uuid()),
  startsAt: z.date().nullable(),
  endsAt: z.date().nullable(),
  maxRedemptions: z.int().nullable(),
  maxPerBuyer: z.int().nullable(),
  used: z.int(),
  disabledAt: z.date().nullable(),
  createdAt: z.date(),
});
export type ListedPromoCode = z.output<typeof listedPromo>;

/** Codes of an event, newest first; or the one with this id. */
export async function listPromoCodes(
  executor: Executor,
  of: { readonly eventId: string; readonly promoCodeId?: string },
): Promise<ListedPromoCode[]> {
  const { rows } = await executor.raw(
    `select p.id, p.event_id as "eventId", p.code, p.percent, p.amount_cents as "amountCents",
            array(select tier_id::text from promo_code_tiers
                   where promo_code_id = p.id order by tier_id) as "tierIds",
            p.starts_at as "startsAt", p.ends_at as "endsAt",
            p.max_redemptions as "maxRedemptions", p.max_per_buyer as "maxPerBuyer", p.used,
            p.disabled_at as "disabledAt", p.created_at as "createdAt"
       from promo_codes p
      where p.event_id = :eventId and (:promoCodeId::uuid is null or p.id = :promoCodeId)
      order by p.created_at desc, p.id desc
      limit 500`,
    { eventId: of.eventId, promoCodeId: of.promoCodeId ?? null },
  );
  return z.array(listedPromo).parse(rows);
}

/**
 * Takes a code out of use; who has it in an order keeps it. Repeating is harmless. Returns the
 * event, or undefined when the organization has no such code.
 */
export async function disablePromoCode(
  tx: Transaction,
  promo: { readonly organizationId: string; readonly promoCodeId: string },
): Promise<string | undefined> {
  const { rows } = await tx.raw(
    `update promo_codes
        set disabled_at = coalesce(disabled_at, clock_timestamp())
      where id = :promoCodeId and organization_id = :organizationId
      returning event_id as "eventId"`,
    promo,
  );
  return z.object({ eventId: z.uuid() }).optional().parse(rows[0])?.eventId;
}
