import { bookingOf, isStrange } from '@liventix/domain/balance';
import {
  listUnbooked,
  listUnreadPayouts,
  markBooked,
  markPaidOut,
  storeBalanceTransactions,
  type UnbookedMovement,
} from '@liventix/domain/balance/repository';
import { findCursor, moveCursor } from '@liventix/domain/inbox/cursor-repository';
import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { post } from '@liventix/domain/ledger/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { tryAdvisoryLock } from '@liventix/shared/locks/advisory-lock';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { StripeClient } from '#payments/stripe-client';

export interface ReadBalanceDeps {
  readonly db: Database;
  readonly log: Log;
  readonly stripe: StripeClient | undefined;
}

const account = 'platform/balance';
const minuteMs = 60_000;

/** Movements become visible a little out of order, so each read begins before the last one's end. */
const overlapMs = 2 * minuteMs;
/** Time covered by one read, so that a long outage is caught up with in steps that are kept. */
const windowMs = 60 * minuteMs;
const windowsMax = 100;
const firstReadMs = 3 * 24 * 60 * minuteMs;

/** Movements booked by one transaction. */
const batchMax = 500;
const payoutsMax = 20;

/** A movement whose source nobody has told us of for so long is a person's to explain. */
const lateAfterS = 15 * 60;

/**
 * Reads how Stripe's balance moved and writes down what only that tells: fees, exchanges, payouts.
 * What it moved for a sale must be in our books with the same amount; what stays unexplained for a
 * quarter of an hour is told to a person.
 */
export async function readBalance(deps: ReadBalanceDeps): Promise<void> {
  if (deps.stripe === undefined) {
    return;
  }
  await readNew(deps, deps.stripe);
  await readPayouts(deps, deps.stripe);
  await bookAll(deps);
}

async function readNew(deps: ReadBalanceDeps, stripe: StripeClient): Promise<void> {
  const now = new Date();
  let last = (await findCursor(deps.db.pool, account)) ?? new Date(now.getTime() - firstReadMs);
  for (let windows = 0; windows < windowsMax && last < now; windows += 1) {
    const end = new Date(Math.min(now.getTime(), last.getTime() + windowMs));
    const from = new Date(last.getTime() - overlapMs);
    for await (const page of stripe.listBalance({ from, until: new Date(end.getTime() + 1_000) })) {
      await deps.db.inTransaction(async (tx) => await storeBalanceTransactions(tx, page));
    }
    await moveCursor(deps.db.pool, account, end);
    last = end;
  }
}

async function readPayouts(deps: ReadBalanceDeps, stripe: StripeClient): Promise<void> {
  for (const payoutId of await listUnreadPayouts(deps.db.pool, payoutsMax)) {
    for await (const page of stripe.listBalance({ payoutId })) {
      await deps.db.inTransaction(async (tx) => await storeBalanceTransactions(tx, page));
      const transactionIds = page.map(({ id }) => id);
      await markPaidOut(deps.db.pool, { payoutId, transactionIds });
    }
  }
}

async function bookAll(deps: ReadBalanceDeps): Promise<void> {
  let after = '';
  for (;;) {
    const page = { after, limit: batchMax, lateAfterS };
    const movements = await deps.db.inTransaction(async (tx) =>
      (await tryAdvisoryLock(tx, 'balance.read')) ? await bookPage(tx, page) : [],
    );
    const last = movements.at(-1);
    if (last === undefined) {
      return;
    }
    after = last.id;
  }
}

async function bookPage(
  tx: Transaction,
  page: Parameters<typeof listUnbooked>[1],
): Promise<UnbookedMovement[]> {
  const movements = await listUnbooked(tx, page);
  const decided = movements.map((movement) => ({ movement, booking: bookingOf(movement) }));
  const postings = decided.flatMap(({ movement: { owner }, booking }) =>
    booking.kind === 'book' ? booking.postings.map((posting) => ({ ...posting, owner })) : [],
  );
  await post(tx, postings);
  const booked = decided.filter(({ booking }) => booking.kind === 'book');
  await markBooked(
    tx,
    booked.map(({ movement }) => movement),
  );
  for (const { movement, booking } of decided) {
    const object = { objectType: 'balance_transaction', objectId: movement.id } as const;
    if (booking.kind === 'amount_differs' || (booking.kind === 'wait' && movement.isLate)) {
      await openIncident(tx, { ...object, ...unexplained(movement) });
    } else if (booking.kind === 'book' && isStrange(movement)) {
      await openIncident(tx, { ...object, ...strange(movement) });
    } else if (booking.kind === 'book' && movement.isLate) {
      await resolveIncidentsOf(tx, object);
    }
  }
  return movements;
}

function unexplained(movement: UnbookedMovement) {
  const { type, amountCents, currency, ours, owner } = movement;
  return {
    organizationId: owner.organizationId,
    kind: 'balance.unexplained',
    message:
      'Money moved at Stripe that our books do not have, or have with another amount. Find its payment at Stripe; if it is an order of ours, have it settled.',
    details: { type, amountCents, currency, ourCents: ours?.amountCents ?? null },
  };
}

function strange(movement: UnbookedMovement) {
  const { type, amountCents, currency } = movement;
  return {
    kind: 'balance.strange',
    message:
      'Stripe moved money for a reason of its own. It is booked as stripe_other: look it up at Stripe.',
    details: { type, amountCents, currency },
  };
}
