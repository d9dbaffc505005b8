import type Stripe from 'stripe';
import { nowSeconds, stripeId } from './ids.ts';
import { type SessionCreate, totalOf } from './params.ts';

/** Objects as Stripe sends them, typed by the SDK's own types so that the compiler checks them. */
export function newSession(
  params: SessionCreate,
  page: (id: string) => string,
): Stripe.Checkout.Session {
  const id = stripeId('cs_test_', 58);
  const created = nowSeconds();
  const total = totalOf(params);
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? false },
    after_expiration: null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency: params.line_items[0]?.price_data.currency ?? null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: params.custom_text?.submit ?? null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_creation: params.customer_creation ?? 'if_required',
    customer_details: params.customer_email === undefined ? null : customer(params.customer_email),
    customer_email: params.customer_email ?? null,
    discounts: [],
    expires_at: params.expires_at ?? created + 24 * 3_600,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    managed_payments: null,
    locale: null,
    metadata: params.metadata ?? {},
    mode: 'payment',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        request_three_d_secure:
          params.payment_method_options?.card?.request_three_d_secure ?? 'automatic',
      },
    },
    payment_method_types: ['card'],
    payment_status: total === 0 ? 'no_payment_required' : 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: params.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: page(id),
    wallet_options: null,
  } satisfies Partial<Stripe.Checkout.Session> as Stripe.Checkout.Session;
}

function customer(email: string): Stripe.Checkout.Session['customer_details'] {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: null,
  };
}

export interface Money {
  readonly amount: number;
  readonly currency: string;
  readonly livemode: boolean;
}

export function newPaymentIntent(
  money: Money,
  more: {
    metadata: Record<string, string>;
    description: string | null;
    receiptEmail: string | null;
  },
): Stripe.PaymentIntent {
  return {
    id: stripeId('pi_3'),
    object: 'payment_intent',
    amount: money.amount,
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: null,
    confirmation_method: 'automatic',
    created: nowSeconds(),
    currency: money.currency,
    customer: null,
    description: more.description,
    last_payment_error: null,
    latest_charge: null,
    livemode: money.livemode,
    metadata: more.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic',
      },
    },
    payment_method_types: ['card'],
    processing: null,
    receipt_email: more.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  } satisfies Partial<Stripe.PaymentIntent> as Stripe.PaymentIntent;
}

export function newCharge(
  intent: Stripe.PaymentIntent,
  result: { readonly card: string; readonly failure?: { code: string; message: string } },
): Stripe.Charge {
  const failed = result.failure !== undefined;
  return {
    id: stripeId('ch_3'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: failed ? 0 : intent.amount,
    amount_refunded: 0,
    balance_transaction: null,
    calculated_statement_descriptor: 'LIVENTIX',
    captured: !failed,
    created: nowSeconds(),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_code: result.failure?.code ?? null,
    failure_message: result.failure?.message ?? null,
    fraud_details: {},
    livemode: intent.livemode,
    metadata: intent.metadata,
    on_behalf_of: null,
    paid: !failed,
    payment_intent: intent.id,
    payment_method: stripeId('pm_1'),
    payment_method_details: cardDetails(result.card),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    status: failed ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: null,
  } satisfies Partial<Stripe.Charge> as Stripe.Charge;
}

function cardDetails(card: string): Stripe.Charge.PaymentMethodDetails {
  const digits = card.replaceAll(/\D/g, '');
  const brand = digits.startsWith('5') ? 'mastercard' : digits.startsWith('3') ? 'amex' : 'visa';
  return {
    type: 'card',
    card: { brand, country: 'US', funding: 'credit', last4: digits.slice(-4) || '4242' },
  } as Stripe.Charge.PaymentMethodDetails;
}
