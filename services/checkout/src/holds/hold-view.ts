import type { HoldView } from '@liventix/contracts/api/holds';
import type { Hold } from '@liventix/domain/inventory';
import type { Tokens } from '@liventix/shared/tokens';

/** server_time lets a countdown in the browser run by our clock and not its own. */
export function toHoldView(
  hold: Hold,
  context: { readonly currency: string; readonly tokens: Tokens; readonly now: Date },
): HoldView {
  return {
    id: hold.id,
    token: context.tokens.issue('hold', hold.id, hold.tokenVersion),
    status: hold.status === 'active' && hold.isGivenBack ? 'released' : hold.status,
    items: hold.items.map((item) => ({
      tier: item.tierId,
      name: item.tierName,
      quantity: item.quantity,
      unit_price_cents: item.unitPriceCents,
    })),
    currency: context.currency,
    subtotal_cents: hold.items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0),
    expires_at: hold.deadline === 'pinned' ? null : hold.deadline.toISOString(),
    server_time: context.now.toISOString(),
  };
}
