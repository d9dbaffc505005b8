import type { CheckoutBody } from '@liventix/contracts/api/holds';
import { setHolders } from '@liventix/domain/orders/holders-repository';
import type { Transaction } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';

/** Who will come in with the tickets of a pending order; who is not named is its buyer. */
export async function nameHolders(
  tx: Transaction,
  { orderId, body }: { readonly orderId: string; readonly body: CheckoutBody },
): Promise<void> {
  const named = (body.holders ?? []).map(({ tier, names }) => ({ tierId: tier, names }));
  const isRepeated = new Set(named.map(({ tierId }) => tierId)).size < named.length;
  if (isRepeated || !(await setHolders(tx, { orderId, named }))) {
    throw refused(
      'order.holders_do_not_fit',
      'Name at most as many holders of a tier as you take tickets of it, and each tier once.',
    );
  }
}
