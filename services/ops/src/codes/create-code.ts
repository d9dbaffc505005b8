import type { CreateAccessCodeBody, CreatePromoCodeBody } from '@liventix/contracts/api/codes';
import type { Credential } from '@liventix/domain/access/repository';
import { codeFault } from '@liventix/domain/codes';
import { insertAccessCode } from '@liventix/domain/codes/access-repository';
import { insertPromoCode } from '@liventix/domain/codes/repository';
import type { SoldEvent } from '@liventix/domain/events/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { sqlStateOf, uniqueViolation } from '@liventix/shared/db/sqlstate';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

interface CodeDeps {
  readonly db: Database;
}

/** Makes a promo code of an event, and says who made it. Returns its id. */
export async function createPromoCode(
  deps: CodeDeps,
  credential: Credential,
  made: { readonly event: SoldEvent; readonly body: CreatePromoCodeBody },
): Promise<string> {
  const { event, body } = made;
  const discount =
    'percent' in body.discount
      ? { kind: 'percent' as const, percent: body.discount.percent }
      : { kind: 'amount' as const, amountCents: body.discount.amount_cents };
  const window = windowOf(body);
  refuseFault(codeFault({ ...window, discount, currency: event.currency }));
  return await insertCode(deps, body.code, async (tx) => {
    const id = await insertPromoCode(tx, {
      organizationId: event.organizationId,
      eventId: event.id,
      code: body.code,
      discount,
      tierIds: body.tiers,
      ...window,
      maxRedemptions: body.max_redemptions ?? null,
      maxPerBuyer: body.max_per_buyer ?? null,
    });
    return await recorded(tx, credential, { id, event, objectType: 'promo_code' });
  });
}

/** Makes a code that shows hidden tiers of an event, and says who made it. Returns its id. */
export async function createAccessCode(
  deps: CodeDeps,
  credential: Credential,
  made: { readonly event: SoldEvent; readonly body: CreateAccessCodeBody },
): Promise<string> {
  const { event, body } = made;
  const window = windowOf(body);
  refuseFault(codeFault({ ...window, currency: event.currency }));
  return await insertCode(deps, body.code, async (tx) => {
    const id = await insertAccessCode(tx, {
      organizationId: event.organizationId,
      eventId: event.id,
      code: body.code,
      tierIds: body.tiers,
      ...window,
      maxUses: body.max_uses ?? null,
    });
    return await recorded(tx, credential, { id, event, objectType: 'access_code' });
  });
}

function windowOf(body: { starts_at?: string | undefined; ends_at?: string | undefined }) {
  const at = (time: string | undefined) => (time === undefined ? null : new Date(time));
  return { startsAt: at(body.starts_at), endsAt: at(body.ends_at) };
}

function refuseFault(fault: ReturnType<typeof codeFault>): void {
  if (fault !== undefined) {
    throw new AppError(fault.code, { message: fault.message, retry: 'permanent' });
  }
}

async function insertCode(
  deps: CodeDeps,
  code: string,
  insert: (tx: Transaction) => Promise<string>,
): Promise<string> {
  try {
    return await deps.db.inTransaction(insert);
  } catch (error) {
    if (sqlStateOf(error) === uniqueViolation) {
      throw new AppError('code.taken', {
        message: `The event has the code "${code}" already. Choose another one.`,
        retry: 'permanent',
        cause: error,
      });
    }
    throw error;
  }
}

/** The audit row of a code that was made. Without an id one of its tiers is none of the event's. */
async function recorded(
  tx: Transaction,
  credential: Credential,
  made: {
    readonly id: string | undefined;
    readonly event: SoldEvent;
    readonly objectType: 'promo_code' | 'access_code';
  },
): Promise<string> {
  if (made.id === undefined) {
    throw new AppError('tier.not_found', {
      message: 'A tier of this code is none of the event.',
      retry: 'permanent',
    });
  }
  await recordAct(tx, credential, {
    action: `${made.objectType}.create`,
    objectType: made.objectType,
    objectId: made.id,
    facts: { eventId: made.event.id },
  });
  return made.id;
}
