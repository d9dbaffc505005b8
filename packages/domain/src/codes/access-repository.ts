import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

const unlockedRow = z.object({
  eventId: z.uuid(),
  accessCodeId: z.uuid(),
  code: z.string(),
  tierIds: z.array(z.uuid()),
});
export type UnlockedTiers = z.output<typeof unlockedRow>;

/**
 * Which tiers of these events the codes show now. One that is unknown, used up, disabled or out of
 * its window shows nothing, and nobody is told which of them it is. `code` comes in lower case.
 */
export async function findUnlockedTiers(
  executor: Executor,
  of: { readonly eventIds: readonly string[]; readonly codes: readonly string[] },
): Promise<UnlockedTiers[]> {
  const { rows } = await executor.raw(
    `select a.event_id as "eventId", a.id as "accessCodeId", lower(a.code) as code,
            array(select tier_id::text from access_code_tiers
                   where access_code_id = a.id) as "tierIds"
       from access_codes a
      where a.event_id = any (:eventIds::uuid[])
        and lower(a.code) in (select lower(c) from unnest(:codes::text[]) as c)
        and a.disabled_at is null
        and (a.starts_at is null or a.starts_at <= clock_timestamp())
        and (a.ends_at is null or a.ends_at > clock_timestamp())
        and (a.max_uses is null or a.used < a.max_uses)`,
    { eventIds: [...of.eventIds], codes: [...of.codes] },
  );
  return z.array(unlockedRow).parse(rows);
}

/** Remembers which codes showed the hidden tiers of new holds. */
export async function insertAccessUses(
  tx: Transaction,
  uses: readonly { readonly holdId: string; readonly accessCodeId: string }[],
): Promise<void> {
  await tx.raw(
    `insert into access_code_uses (hold_id, access_code_id)
     select hold_id, access_code_id
       from unnest(:holdIds::uuid[], :accessCodeIds::uuid[]) as u (hold_id, access_code_id)`,
    {
      holdIds: uses.map((use) => use.holdId),
      accessCodeIds: uses.map((use) => use.accessCodeId),
    },
  );
}

/** Locks the code that an order uses, if it uses one. */
export async function lockAccessCode(tx: Transaction, orderId: string): Promise<void> {
  await tx.raw(
    `select 1
       from access_codes
      where id = (select access_code_id from access_code_uses where order_id = :orderId)
        for no key update`,
    { orderId },
  );
}

/**
 * Counts the use of the code that this hold needed, if it needed one. Conditional: false when the
 * code was used up meanwhile; then nothing may be committed. Runs under the lock of the order.
 */
export async function reserveAccess(
  tx: Transaction,
  of: { readonly holdId: string; readonly orderId: string },
): Promise<boolean> {
  const { rows } = await tx.raw(
    `update access_code_uses
        set state = 'reserved', order_id = :orderId
      where hold_id = :holdId and state in ('held', 'given_back')
      returning access_code_id as "accessCodeId"`,
    of,
  );
  const use = z.object({ accessCodeId: z.uuid() }).optional().parse(rows[0]);
  if (use === undefined) {
    return true;
  }
  const { rowCount } = await tx.raw(
    `update access_codes
        set used = used + 1
      where id = :accessCodeId and (max_uses is null or used < max_uses)`,
    use,
  );
  return rowCount === 1;
}

/** Gives back the use of an order that ended unpaid or was refunded; once, by its state. */
export async function giveBackAccess(tx: Transaction, orderId: string): Promise<boolean> {
  const { rows } = await tx.raw(
    `with was as (
       select hold_id, is_late from access_code_uses
        where order_id = :orderId and state in ('reserved', 'kept')
          for no key update
     )
     update access_code_uses u
        set state = 'given_back', is_late = false
       from was
      where u.hold_id = was.hold_id and u.state in ('reserved', 'kept')
      returning u.access_code_id as "accessCodeId", was.is_late as "isLate"`,
    { orderId },
  );
  const given = z.object({ accessCodeId: z.uuid(), isLate: z.boolean() });
  const use = given.optional().parse(rows[0]);
  if (use === undefined) {
    return false;
  }
  const { rowCount } = await tx.raw(
    `update access_codes
        set used = used - 1, taken_late = taken_late - :isLate::boolean::integer
      where id = :accessCodeId and used > 0`,
    use,
  );
  assert.equal(rowCount, 1, `access code ${use.accessCodeId} is used by nobody`);
  return true;
}

/** Late money revives an expired order: its use counts again, whatever the limit says. */
export async function retakeAccess(tx: Transaction, orderId: string): Promise<void> {
  const { rows } = await tx.raw(
    `update access_code_uses
        set state = 'kept', is_late = true
      where order_id = :orderId and state = 'given_back'
      returning access_code_id as "accessCodeId"`,
    { orderId },
  );
  const use = z.object({ accessCodeId: z.uuid() }).optional().parse(rows[0]);
  if (use !== undefined) {
    await tx.raw(
      `update access_codes
          set used = used + 1, taken_late = taken_late + 1
        where id = :accessCodeId`,
      use,
    );
  }
}

export interface NewAccessCode {
  readonly organizationId: string;
  readonly eventId: string;
  readonly code: string;
  readonly tierIds: readonly string[];
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly maxUses: number | null;
}

/**
 * Makes a code. Undefined when the event lacks one of the tiers; then nothing may be committed. The
 * unique index raises when the event has the code already.
 */
export async function insertAccessCode(
  tx: Transaction,
  access: NewAccessCode,
): Promise<string | undefined> {
  const id = randomUUIDv7();
  const { tierIds, ...columns } = access;
  await tx.raw(
    `insert into access_codes (id, organization_id, event_id, code, starts_at, ends_at, max_uses)
     values (:id, :organizationId, :eventId, :code, :startsAt, :endsAt, :maxUses)`,
    { id, ...columns },
  );
  const wanted = [...new Set(tierIds)];
  const { rowCount } = await tx.raw(
    `insert into access_code_tiers (access_code_id, tier_id, event_id)
     select :id, t.id, t.event_id
       from ticket_tiers t
      where t.event_id = :eventId and t.id = any (:wanted::uuid[])`,
    { id, eventId: access.eventId, wanted },
  );
  return rowCount === wanted.length ? id : undefined;
}

const listedAccess = z.object({
  id: z.uuid(),
  eventId: z.uuid(),
  code: z.string(),
  tierIds: z.array(z.uuid()),
  startsAt: z.date().nullable(),
  endsAt: z.date().nullable(),
  maxUses: z.int().nullable(),
  used: z.int(),
  disabledAt: z.date().nullable(),
  createdAt: z.date(),
});
export type ListedAccessCode = z.output<typeof listedAccess>;

/** Codes of an event, newest first; or the one with this id. */
export async function listAccessCodes(
  executor: Executor,
  of: { readonly eventId: string; readonly accessCodeId?: string },
): Promise<ListedAccessCode[]> {
  const { rows } = await executor.raw(
    `select a.id, a.event_id as "eventId", a.code,
            array(select tier_id::text from access_code_tiers
                   where access_code_id = a.id order by tier_id) as "tierIds",
            a.starts_at as "startsAt", a.ends_at as "endsAt", a.max_uses as "maxUses", a.used,
            a.disabled_at as "disabledAt", a.created_at as "createdAt"
       from access_codes a
      where a.event_id = :eventId and (:accessCodeId::uuid is null or a.id = :accessCodeId)
      order by a.created_at desc, a.id desc
      limit 500`,
    { eventId: of.eventId, accessCodeId: of.accessCodeId ?? null },
  );
  return z.array(listedAccess).parse(rows);
}

/** Takes a code out of use; holds that it let through stay good. As disablePromoCode. */
export async function disableAccessCode(
  tx: Transaction,
  access: { readonly organizationId: string; readonly accessCodeId: string },
): Promise<string | undefined> {
  const { rows } = await tx.raw(
    `update access_codes
        set disabled_at = coalesce(disabled_at, clock_timestamp())
      where id = :accessCodeId and organization_id = :organizationId
      returning event_id as "eventId"`,
    access,
  );
  return z.object({ eventId: z.uuid() }).optional().parse(rows[0])?.eventId;
}
