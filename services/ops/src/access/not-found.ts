import { AppError } from '@liventix/shared/errors';

export type Thing =
  | 'event'
  | 'order'
  | 'refund'
  | 'dispute'
  | 'payment'
  | 'wallet'
  | 'device'
  | 'incident'
  | 'message'
  | 'api_key'
  | 'promo'
  | 'access_code'
  | 'person';

/** What another organization has does not exist for this one. */
export function notFound(thing: Thing): AppError {
  return new AppError(`${thing}.not_found`, {
    message: `There is no such ${thing === 'promo' ? 'promo code' : thing.replace('_', ' ')}.`,
    retry: 'permanent',
  });
}
