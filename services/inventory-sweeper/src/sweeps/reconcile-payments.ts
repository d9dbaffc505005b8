import {
  disputeTypes,
  eventTrace,
  refundTypes,
  settlingTypes,
  stripeEventSchema,
  warningTypes,
} from '@liventix/domain/inbox';
import { findCursor, moveCursor } from '@liventix/domain/inbox/cursor-repository';
import { type Arrival, receiveStripeEvents } from '@liventix/domain/inbox/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { takeAttemptsToCheck } from '@liventix/domain/payments/attempt-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { stripeFault } from '@liventix/shared/stripe';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { StripeClient } from '#payments/stripe-client';

export interface ReconcileDeps {
  readonly db: Database;
  readonly log: Log;
  readonly stripe: StripeClient | undefined;
}

/** The platform's own account; connected ones have a cursor of their own. */
const account = 'platform';

const minuteMs = 60_000;

/** Events become visible a little out of order, so each read begins before the last one's end. */
const overlapMs = 2 * minuteMs;

/** Time covered by one read, so that a long outage is caught up with in steps that are kept. */
const windowMs = 60 * minuteMs;
const windowsMax = 100;

/** How far back the first read goes: Stripe keeps sending for three days by itself. */
const firstReadMs = 3 * 24 * 60 * minuteMs;

/** Sessions read back in one run: at most five a second over a minute. */
const checksMax = 300;

/**
 * The second way for facts to reach us. Stripe's own list of events feeds the inbox, delivered or
 * not, and payment pages that nobody told us about for too long are read back one by one.
 */
export async function reconcilePayments(deps: ReconcileDeps): Promise<void> {
  if (deps.stripe === undefined) {
    return;
  }
  await readEvents(deps, deps.stripe);
  const checked = await deps.db.inTransaction(async (tx) => {
    const attempts = await takeAttemptsToCheck(tx, checksMax);
    for (const attempt of attempts) {
      await enqueue(tx, 'order.settle', attempt);
    }
    return attempts.length;
  });
  if (checked > 0) {
    deps.log.info({ checked }, 'open payment pages are read back');
  }
}

/** Events stored by one transaction: what Stripe lists at a time. */
const pageMax = 100;

async function readEvents(deps: ReconcileDeps, stripe: StripeClient): Promise<void> {
  const now = new Date();
  let last = (await findCursor(deps.db.pool, account)) ?? new Date(now.getTime() - firstReadMs);
  for (let windows = 0; windows < windowsMax && last < now; windows += 1) {
    const end = new Date(Math.min(now.getTime(), last.getTime() + windowMs));
    const stored = await readWindow(deps, stripe, {
      from: new Date(last.getTime() - overlapMs),
      // The second that runs now is read again next time, when it is complete.
      until: new Date(end.getTime() + 1_000),
    });
    await moveCursor(deps.db.pool, account, end);
    if (stored > 0) {
      deps.log.warn({ stored }, 'events came by reading the list and not by webhook');
    }
    last = end;
  }
}

async function readWindow(
  deps: ReconcileDeps,
  stripe: StripeClient,
  window: { readonly from: Date; readonly until: Date },
): Promise<number> {
  let stored = 0;
  let page: Arrival[] = [];
  try {
    for await (const found of stripe.listEvents({
      types: [...settlingTypes, ...refundTypes, ...disputeTypes, ...warningTypes],
      ...window,
    })) {
      const event = stripeEventSchema.parse(found);
      page.push({ event, source: 'poll', trace: eventTrace(event) });
      if (page.length === pageMax) {
        stored += await storePage(deps, page);
        page = [];
      }
    }
    return stored + (await storePage(deps, page));
  } catch (error) {
    throw error instanceof AppError ? error : stripeFault(error, 'list the events of Stripe');
  }
}

async function storePage(deps: ReconcileDeps, page: readonly Arrival[]): Promise<number> {
  const received = await deps.db.inTransaction(async (tx) => await receiveStripeEvents(tx, page));
  return received.filter((one) => one.outcome === 'stored').length;
}
