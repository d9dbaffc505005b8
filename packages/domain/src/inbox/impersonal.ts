import { withoutAddresses } from '@liventix/shared/errors';

/**
 * Members of Stripe's and Resend's objects that say who somebody is, how they paid, or that open
 * something of theirs (docs.stripe.com/api/checkout/sessions/object, .../charges/object,
 * .../disputes/object; resend.com/docs/dashboard/webhooks/event-types). Nothing here reads them.
 */
const personal: ReadonlySet<string> = new Set([
  'address',
  'bcc',
  'billing_details',
  'cc',
  'click',
  'client_secret',
  'collected_information',
  'custom_fields',
  'customer_details',
  'customer_email',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'email',
  'evidence',
  'from',
  'headers',
  'name',
  'payment_method_details',
  'phone',
  'receipt_email',
  'receipt_url',
  'reply_to',
  'shipping',
  'shipping_address',
  'shipping_details',
  'subject',
  'to',
  'url',
]);

/**
 * What a provider said, as it may be kept: without who it was about. It is left out before the event
 * is stored, so that one that comes late brings no name back that was erased.
 */
export function impersonal(value: unknown): unknown {
  if (typeof value === 'string') {
    return withoutAddresses(value);
  }
  if (Array.isArray(value)) {
    return value.map(impersonal);
  }
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([member]) => !personal.has(member));
    return Object.fromEntries(kept.map(([member, held]) => [member, impersonal(held)]));
  }
  return value;
}
