import type { PlaceHoldBody } from '@liventix/contracts/api/holds';
import type { BasketRefusal, Hold } from '@liventix/domain/inventory';
import { AppError } from '@liventix/shared/errors';

const windowCodes = {
  not_on_sale: 'event.not_on_sale',
  not_started: 'event.sales_not_started',
  ended: 'event.sales_ended',
  tier_closed: 'tier.sales_closed',
} as const;

const windowSentences = {
  not_on_sale: 'This event is not on sale.',
  not_started: 'Sales have not started yet.',
  ended: 'Sales have ended.',
  tier_closed: 'This tier is not on sale now.',
} as const;

/** A basket that was refused, as a person reads it. */
export function basketError(refusal: BasketRefusal, body: PlaceHoldBody): AppError {
  switch (refusal.kind) {
    case 'window':
      return refused(windowCodes[refusal.window], windowSentences[refusal.window], {
        tier: refusal.tierId,
      });
    case 'tier_unknown':
      return refused('tier.not_found', `The event "${body.event}" has no tier ${refusal.tierId}.`);
    case 'tier_repeated':
      return refused('basket.tier_repeated', 'Name each tier once, with its whole quantity.', {
        tier: refusal.tierId,
      });
    case 'above_limit':
      return refused(
        'tier.quantity_above_limit',
        `One order may have at most ${refusal.limit} of these tickets.`,
        { tier: refusal.tierId, limit: refusal.limit },
      );
    case 'below_limit':
      return refused(
        'tier.quantity_below_limit',
        `This tier is sold in orders of at least ${refusal.limit}.`,
        { tier: refusal.tierId, limit: refusal.limit },
      );
    case 'sold_out':
      return refused('inventory.sold_out', 'There are not enough tickets left for this basket.', {
        left: refusal.left.map(({ tierId, available }) => ({ tier: tierId, available })),
      });
    default:
      return refusal satisfies never;
  }
}

/** Why this hold cannot go to checkout any more, or undefined when it can. */
export function endedHoldError(hold: Hold): AppError | undefined {
  if (hold.status === 'converted') {
    return refused('hold.converted', 'These seats belong to a paid order already.');
  }
  if (hold.status === 'released' || (hold.status === 'active' && hold.isGivenBack)) {
    return refused('hold.released', 'This hold was given back. Place a new one.');
  }
  if (hold.status === 'expired' || hold.isPastDeadline) {
    return refused('hold.expired', 'The time to pay for this hold has passed. Place a new one.');
  }
  return undefined;
}

export function eventUnknown(slug: string): AppError {
  return refused('event.not_found', `There is no event "${slug}".`);
}

export function refused(
  code: string,
  message: string,
  details?: Record<string, unknown>,
): AppError {
  return new AppError(code, { message, retry: 'permanent', ...(details && { details }) });
}
