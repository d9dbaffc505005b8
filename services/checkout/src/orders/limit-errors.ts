import type { PromoDecision } from '@liventix/domain/codes';
import type { Redeemed } from '@liventix/domain/codes/redemption-repository';
import type { AppError } from '@liventix/shared/errors';
import { refused } from '#holds/hold-errors';

type PromoRefusal =
  | Exclude<Redeemed, 'reserved'>
  | Extract<PromoDecision, { kind: 'refuse' }>['reason'];

/** Why this promo code is not for this order, as a person reads it. */
export function promoError(refusal: PromoRefusal, code: string): AppError {
  switch (refusal) {
    case 'unknown':
      return refused('promo.not_found', `There is no promo code "${code}" for this event.`);
    case 'exhausted':
      return refused('promo.exhausted', `The promo code "${code}" is used up.`);
    case 'buyer_limit_reached':
      return refused(
        'promo.buyer_limit_reached',
        `The promo code "${code}" was used with this address as often as it may be.`,
      );
    case 'not_active':
      return refused('promo.not_active', `The promo code "${code}" cannot be used now.`);
    case 'not_applicable':
      return refused('promo.not_applicable', `The promo code "${code}" is not for these tickets.`);
    default:
      return refusal satisfies never;
  }
}

export function buyerLimitError(limit: number, left: number): AppError {
  return refused(
    'buyer.limit_reached',
    `One buyer may have at most ${limit} tickets of this event, and with this address ${left} more.`,
    { limit, left },
  );
}

export function accessExhausted(): AppError {
  return refused('access_code.exhausted', 'The access code for these tickets is used up.');
}
