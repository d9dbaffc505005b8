/**
 * The smallest charge Stripe takes, in minor units (stripe.com/docs/currencies, "Minimum and
 * maximum charge amounts"). Other currencies are left to Stripe to refuse.
 */
const minimumCents: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};

/** What Stripe would refuse as too small, or undefined when the total can be charged. */
export function belowStripeMinimum(totalCents: number, currency: string): number | undefined {
  const minimum = minimumCents[currency];
  return minimum !== undefined && totalCents < minimum ? minimum : undefined;
}

/** How long a payment page lives. Stripe refuses under 30 minutes, and a late retry eats some. */
export const pageLifeMinutes = 35;

export interface SessionRequest {
  readonly orderId: string;
  readonly attemptId: string;
  readonly number: string;
  readonly eventTitle: string;
  readonly currency: string;
  readonly locale: string;
  readonly buyerEmail: string;
  readonly expiresAt: Date;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Comes back with every event of the session, so that a purchase is one trace. */
  readonly traceparent?: string | undefined;
  readonly items: readonly SessionLine[];
  /** What a wallet pays of the lines. */
  readonly walletCents: number;
}

interface SessionLine {
  readonly tierName: string;
  readonly quantity: number;
  readonly totalCents: number;
}

/**
 * The parameters of one Stripe Checkout session, stored with the attempt before the call so that a
 * repeated call sends the same. One Stripe line per order line with quantity 1 and its net total:
 * discounted thirds do not divide. Lines that cost nothing are left out. Where a wallet pays a part
 * the rest is one line, since no line costs what is shown for it.
 */
export function sessionParameters(request: SessionRequest) {
  const { traceparent } = request;
  const metadata = {
    order_id: request.orderId,
    attempt_id: request.attemptId,
    ...(traceparent !== undefined && { traceparent }),
  };
  return {
    mode: 'payment' as const,
    client_reference_id: request.orderId,
    customer_email: request.buyerEmail,
    billing_address_collection: 'required' as const,
    adaptive_pricing: { enabled: false },
    allow_promotion_codes: false,
    allowed_payment_method_types: ['card' as const],
    payment_method_options: { card: { request_three_d_secure: 'automatic' as const } },
    expires_at: Math.floor(request.expiresAt.getTime() / 1_000),
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    metadata,
    payment_intent_data: { description: `${request.eventTitle} · ${request.number}`, metadata },
    line_items: linesOf(request).map(({ name, cents }) => ({
      quantity: 1,
      price_data: {
        currency: request.currency,
        unit_amount: cents,
        product_data: { name },
      },
    })),
  };
}

/** Stripe takes names of up to 250 characters (docs.stripe.com/api/products/create). */
const nameMax = 250;

function linesOf({ items, walletCents }: SessionRequest) {
  const lines = items
    .filter(({ totalCents }) => totalCents > 0)
    .map(({ quantity, tierName, totalCents }) => ({
      name: `${quantity} × ${tierName}`,
      cents: totalCents,
    }));
  if (walletCents === 0) {
    return lines;
  }
  const cents = lines.reduce((sum, line) => sum + line.cents, -walletCents);
  const name = [...lines.map((line) => line.name).join(', ')];
  const shown = name.length > nameMax ? [...name.slice(0, nameMax - 1), '…'] : name;
  return [{ name: shown.join(''), cents }];
}
