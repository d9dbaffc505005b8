import { randomUUIDv7 } from 'node:crypto';
import type { PlaceHoldBody } from '@liventix/contracts/api/holds';
import { getEvent, type SoldEvent } from '@liventix/domain/events/repository';
import { type BasketRefusal, decideBaskets, type Hold } from '@liventix/domain/inventory';
import {
  findHoldsByKeys,
  insertHolds,
  type KnownHold,
  lockInventory,
  type NewHold,
  readOffers,
} from '@liventix/domain/inventory/repository';
import { Coalescer } from '@liventix/shared/batching';
import type { Database, Transaction } from '@liventix/shared/db';
import { readAccess, rememberAccess, unlockedBy } from '#holds/hidden-tiers';

export interface HoldRequest {
  readonly body: PlaceHoldBody;
  readonly idempotencyKey: string;
  readonly requestHash: string;
}

export type HoldAnswer =
  | { readonly kind: 'placed'; readonly hold: Hold; readonly currency: string }
  /** The same request made this hold before. */
  | { readonly kind: 'known'; readonly holdId: string }
  /** Its key came with another request. */
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'refused'; readonly refusal: BasketRefusal }
  | { readonly kind: 'unpublished' };

/** Where baskets queue for seats: one queue an event, served in batches. */
export type HoldDesk = Coalescer<HoldRequest, HoldAnswer>;

/**
 * A batch is bounded by the time its transaction takes: at 256 about five milliseconds, so the last
 * in the queue waits for two of them.
 */
const batchMax = 256;

export function createHoldDesk(
  deps: { readonly db: Database },
  limits: { readonly waitingMax: number; readonly inFlightMax: number },
): HoldDesk {
  const { db } = deps;
  return new Coalescer({
    name: 'holds',
    batchMax,
    ...limits,
    deadlineMs: 4_000,
    commit: async (eventId, requests) =>
      await db.inTransaction(async (tx) => await takeSeats(tx, eventId, requests)),
    recall: async (_eventId, requests) => {
      const known = await findHoldsByKeys(db.pool, keysOf(requests));
      return requests.map((request) => knownAnswer(request, known));
    },
  });
}

/** Serves the baskets of one event in the order in which they came. */
async function takeSeats(
  tx: Transaction,
  eventId: string,
  requests: readonly HoldRequest[],
): Promise<HoldAnswer[]> {
  const tierIds = [...new Set(requests.flatMap(({ body }) => body.items.map(({ tier }) => tier)))];
  await lockInventory(tx, eventId, tierIds);
  const event = await getEvent(tx, eventId);
  if (event.status === 'draft') {
    return requests.map(() => ({ kind: 'unpublished' }));
  }
  const known = await findHoldsByKeys(tx, keysOf(requests));
  const firsts = new Map<string, HoldRequest>();
  for (const request of requests) {
    if (!known.has(request.idempotencyKey) && !firsts.has(request.idempotencyKey)) {
      firsts.set(request.idempotencyKey, request);
    }
  }
  const served = await serve(tx, { event, tierIds, requests: [...firsts.values()] });
  return requests.map((request) => {
    const first = firsts.get(request.idempotencyKey);
    if (first === undefined) {
      return knownAnswer(request, known) ?? { kind: 'key_reused' };
    }
    const answer = served.get(first);
    return answer === undefined || first.requestHash !== request.requestHash
      ? { kind: 'key_reused' }
      : answer;
  });
}

/** Decides and inserts. No two requests have the same key, and none has made a hold before. */
async function serve(
  tx: Transaction,
  input: {
    readonly event: SoldEvent;
    readonly tierIds: readonly string[];
    readonly requests: readonly HoldRequest[];
  },
): Promise<ReadonlyMap<HoldRequest, HoldAnswer>> {
  const { event, requests } = input;
  const offers = await readOffers(tx, event.id, input.tierIds);
  const access = await readAccess(tx, event.id, requests);
  const decisions = decideBaskets({
    baskets: requests.map(({ body }) => {
      const unlocked = unlockedBy(access, body)?.tierIds ?? [];
      return body.items.map(({ tier, quantity }) => ({
        tierId: tier,
        quantity,
        isUnlocked: unlocked.includes(tier),
      }));
    }),
    event,
    offers,
  });
  // Without an offer every basket is refused, and no deadline is needed.
  const asOf = offers[0]?.asOf ?? new Date(0);
  const deadline = new Date(asOf.getTime() + event.holdMinutes * 60_000);
  const holds: NewHold[] = [];
  const answers = new Map<HoldRequest, HoldAnswer>();
  decisions.forEach((decision, at) => {
    const request = requests[at];
    if (request === undefined) {
      return;
    }
    if (decision.kind === 'refuse') {
      answers.set(request, { kind: 'refused', refusal: decision.refusal });
      return;
    }
    const { idempotencyKey: key, requestHash } = request;
    const { items } = decision;
    const hold = { id: randomUUIDv7(), items, deadline, idempotency: { key, requestHash } };
    holds.push(hold);
    answers.set(request, {
      kind: 'placed',
      hold: freshHold(hold, event),
      currency: event.currency,
    });
  });
  if (holds.length > 0) {
    await insertHolds(tx, event, holds);
  }
  await rememberAccess(tx, { answers, access, offers });
  return answers;
}

/** The hold as a read after the commit would show it. */
function freshHold(hold: NewHold, event: SoldEvent): Hold {
  return {
    id: hold.id,
    organizationId: event.organizationId,
    eventId: event.id,
    orderId: null,
    status: 'active',
    deadline: hold.deadline,
    isPastDeadline: false,
    isGivenBack: false,
    tokenVersion: 1,
    items: hold.items,
  };
}

function knownAnswer(
  request: HoldRequest,
  known: ReadonlyMap<string, KnownHold>,
): HoldAnswer | undefined {
  const earlier = known.get(request.idempotencyKey);
  if (earlier === undefined) {
    return undefined;
  }
  return earlier.requestHash === request.requestHash
    ? { kind: 'known', holdId: earlier.holdId }
    : { kind: 'key_reused' };
}

function keysOf(requests: readonly HoldRequest[]): string[] {
  return requests.map((request) => request.idempotencyKey);
}
