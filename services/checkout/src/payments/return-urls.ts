import type { CheckoutBody } from '@liventix/contracts/api/holds';
import { refused } from '#holds/hold-errors';

/**
 * Where Stripe may send a buyer back to: our own order page, or an address of an origin on the
 * list. Anything else would make us an open redirect under a payment page.
 */
export function returnUrls(
  body: CheckoutBody,
  options: { readonly publicUrl: string; readonly allowedOrigins: readonly string[] },
): { successUrl: string; cancelUrl: string } {
  const home = new URL('/', options.publicUrl).toString();
  const allowed = new Set([new URL(home).origin, ...options.allowedOrigins]);
  for (const [field, url] of Object.entries({
    success_url: body.success_url,
    cancel_url: body.cancel_url,
  })) {
    if (url !== undefined && !allowed.has(new URL(url).origin)) {
      throw refused('return_url.not_allowed', `${field} leads to an origin that is not allowed.`, {
        field,
      });
    }
  }
  return {
    successUrl: body.success_url ?? `${home}return?session_id={CHECKOUT_SESSION_ID}`,
    cancelUrl: body.cancel_url ?? home,
  };
}
