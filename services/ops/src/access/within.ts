import { actionsBeyond, type Holder } from '@liventix/domain/access';
import { AppError } from '@liventix/shared/errors';

/**
 * Nobody gives more than they may do themselves, nor changes who may: a key whose scopes are people
 * alone would otherwise let itself in as an owner, by a link that the answer brings.
 */
export function requireWithin(asking: Holder, touched: Holder): void {
  const beyond = actionsBeyond(asking, touched);
  if (beyond.length > 0) {
    throw new AppError('api_key.forbidden', {
      message: `This would give or change more than you may do yourself: ${beyond.join(', ')}.`,
      retry: 'permanent',
    });
  }
}
