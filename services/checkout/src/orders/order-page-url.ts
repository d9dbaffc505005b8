import type { Order } from '@liventix/domain/orders';
import type { Deps } from '#deps';

export function orderToken(deps: Pick<Deps, 'tokens'>, order: Order): string {
  return deps.tokens.issue('order', order.id, order.tokenVersion);
}

/** The order's own page. The token in it is the credential: the address is for the buyer alone. */
export function orderPageUrl(deps: Pick<Deps, 'tokens' | 'config'>, order: Order): string {
  return new URL(`/orders/t/${orderToken(deps, order)}`, deps.config.PUBLIC_URL).toString();
}
