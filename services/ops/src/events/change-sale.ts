import type { Credential } from '@liventix/domain/access/repository';
import type { EventStatus } from '@liventix/domain/events';
import {
  setBuyerLimit,
  setCapacity,
  setEventStatus,
  setTierClosed,
} from '@liventix/domain/events/sale-repository';
import { insertCancellationNotice } from '@liventix/domain/notices/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import type { RefundPolicy } from '@liventix/domain/refunds/policy';
import { setRefundPolicy } from '@liventix/domain/refunds/policy-repository';
import type { TransferPolicy } from '@liventix/domain/transfers';
import { setTransferPolicy } from '@liventix/domain/transfers/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

type Verb = 'publish' | 'close' | 'cancel';

const transitions: Readonly<
  Record<Verb, { readonly to: EventStatus; readonly from: readonly EventStatus[] }>
> = {
  publish: { to: 'on_sale', from: ['draft', 'closed'] },
  close: { to: 'closed', from: ['on_sale'] },
  cancel: { to: 'cancelled', from: ['draft', 'on_sale', 'closed'] },
};

/**
 * Publishes, closes or cancels an event; repeating changes nothing. A cancelled one gives back what was
 * paid for it.
 */
export async function moveEvent(
  deps: { readonly db: Database },
  credential: Credential,
  move: { readonly eventId: string; readonly verb: Verb },
): Promise<void> {
  const { eventId, verb } = move;
  await deps.db.inTransaction(async (tx) => {
    if (!(await setEventStatus(tx, { eventId, ...transitions[verb] }))) {
      throw new AppError('event.state_conflict', {
        message: `An event in this state cannot be moved by "${verb}".`,
        retry: 'permanent',
      });
    }
    if (verb === 'cancel') {
      await enqueue(tx, 'event.refund_all', { eventId });
      const noticeId = await insertCancellationNotice(tx, eventId);
      if (noticeId !== undefined) {
        await enqueue(tx, 'event.tell', { noticeId });
      }
    }
    await recordAct(tx, credential, {
      action: `event.${verb}`,
      objectType: 'event',
      objectId: eventId,
    });
  });
}

/** Changes a capacity during a sale, never below what is held and sold. */
export async function changeCapacity(
  deps: { readonly db: Database },
  credential: Credential,
  change: {
    readonly table: 'ticket_tiers' | 'capacity_pools';
    readonly id: string;
    readonly capacity: number;
  },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    const { changed, taken } = await setCapacity(tx, change);
    if (!changed) {
      throw new AppError('inventory.below_taken', {
        message: `${taken} are held or sold already. Choose at least that many.`,
        retry: 'permanent',
        details: { taken },
      });
    }
    const objectType = change.table === 'ticket_tiers' ? 'tier' : 'pool';
    await recordAct(tx, credential, {
      action: `${objectType}.capacity`,
      objectType,
      objectId: change.id,
      facts: { capacity: change.capacity },
    });
  });
}

/** Ends or resumes the sale of one tier; holds that exist stay good. */
export async function changeTierSale(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly tierId: string; readonly closed: boolean },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await setTierClosed(tx, change);
    await recordAct(tx, credential, {
      action: change.closed ? 'tier.close' : 'tier.reopen',
      objectType: 'tier',
      objectId: change.tierId,
    });
  });
}

/** Changes what buyers may give back by themselves, from now on. */
export async function changeRefundPolicy(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly eventId: string; readonly policy: RefundPolicy },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await setRefundPolicy(tx, change);
    await recordAct(tx, credential, {
      action: 'event.refund_policy',
      objectType: 'event',
      objectId: change.eventId,
      facts: { ...change.policy },
    });
  });
}

/** Changes whether holders may pass tickets on, from the next offer on. */
export async function changeTransferPolicy(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly eventId: string; readonly policy: TransferPolicy },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await setTransferPolicy(tx, change);
    await recordAct(tx, credential, {
      action: 'event.transfer_policy',
      objectType: 'event',
      objectId: change.eventId,
      facts: { ...change.policy },
    });
  });
}

/** Changes how many tickets one buyer may have; counted is what was bought before, too. */
export async function changeBuyerLimit(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly eventId: string; readonly maxPerBuyer: number | null },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await setBuyerLimit(tx, change);
    await recordAct(tx, credential, {
      action: 'event.buyer_limit',
      objectType: 'event',
      objectId: change.eventId,
      facts: { maxPerBuyer: change.maxPerBuyer },
    });
  });
}
