import { randomUUID } from 'node:crypto';
import { insertAccessCode, type NewAccessCode } from '@liventix/domain/codes/access-repository';
import { insertPromoCode, type NewPromoCode } from '@liventix/domain/codes/repository';
import type { Database } from '@liventix/shared/db';
import type { TestSale } from './sale.ts';

export interface TestCode {
  readonly id: string;
  readonly code: string;
}

function anyCode(): string {
  return `C${randomUUID().slice(0, 8)}`;
}

/** A promo code of ten percent off everything, unless told otherwise. */
export async function makePromo(
  db: Database,
  sale: TestSale,
  more: Partial<NewPromoCode> = {},
): Promise<TestCode> {
  const code = anyCode();
  const id = await db.inTransaction(
    async (tx) =>
      await insertPromoCode(tx, {
        organizationId: sale.organizationId,
        eventId: sale.eventId,
        code,
        discount: { kind: 'percent', percent: 10 },
        tierIds: [],
        startsAt: null,
        endsAt: null,
        maxRedemptions: null,
        maxPerBuyer: null,
        ...more,
      }),
  );
  return { id: id ?? '', code };
}

/** A code that shows these tiers, by their numbers. */
export async function makeAccess(
  db: Database,
  sale: TestSale,
  { tiers, ...more }: Partial<NewAccessCode> & { readonly tiers: readonly number[] },
): Promise<TestCode> {
  const code = anyCode();
  const id = await db.inTransaction(
    async (tx) =>
      await insertAccessCode(tx, {
        organizationId: sale.organizationId,
        eventId: sale.eventId,
        code,
        tierIds: tiers.map((tier) => sale.tierIds[tier] ?? ''),
        startsAt: null,
        endsAt: null,
        maxUses: null,
        ...more,
      }),
  );
  return { id: id ?? '', code };
}
