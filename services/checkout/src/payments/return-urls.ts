import type { CheckoutBody } from '@liventix/contracts/api/holds';
import { refused } from '#holds/hold-errors';

/**
 * Refuses return addresses that leave our own origin and those on the list: anything else would
 * make us an open redirect behind a payment page.
 */
export function checkReturnUrls(
  body: CheckoutBody,
  options: { readonly publicUrl: string; readonly allowedOrigins: readonly string[] },
): void {
  const allowed = new Set([new URL(options.publicUrl).origin, ...options.allowedOrigins]);
  const given = { success_url: body.success_url, cancel_url: body.cancel_url };
  for (const [field, url] of Object.entries(given)) {
    if (url !== undefined && !allowed.has(new URL(url).origin)) {
      throw refused('return_url.not_allowed', `${field} leads to an origin that is not allowed.`, {
        field,
      });
    }
  }
}

/** Where Stripe sends the buyer back to: the addresses asked for, else the order's own page. */
export function returnUrls(
  body: CheckoutBody,
  orderPage: string,
): { successUrl: string; cancelUrl: string } {
  return {
    successUrl: body.success_url ?? `${orderPage}?returned=1`,
    cancelUrl: body.cancel_url ?? orderPage,
  };
}
