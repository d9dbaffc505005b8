import { z } from 'zod';
import { valueAt } from '../http/value-at.ts';
import { invalid, type StripeRefusal } from './errors.ts';

export const int = z.coerce.number().int();
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
export const metadata = z.record(z.string().max(40), z.string().max(500));

/** Parameters of sessions.create that we know; any other is refused, as Stripe refuses it. */
const sessionCreate = z.strictObject({
  mode: z.enum(['payment']),
  ui_mode: z.enum(['hosted_page']).optional(),
  client_reference_id: z.string().max(200).optional(),
  customer_email: z.email().optional(),
  customer_creation: z.enum(['if_required', 'always']).optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  adaptive_pricing: z.strictObject({ enabled: flag }).optional(),
  allow_promotion_codes: flag.optional(),
  allowed_payment_method_types: z.array(z.string()).optional(),
  excluded_payment_method_types: z.array(z.string()).optional(),
  payment_method_options: z
    .strictObject({
      card: z
        .strictObject({ request_three_d_secure: z.enum(['automatic', 'any', 'challenge']) })
        .optional(),
    })
    .optional(),
  expires_at: int.optional(),
  success_url: z.string().max(5_000),
  cancel_url: z.string().max(5_000).optional(),
  locale: z.string().optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  custom_text: z
    .strictObject({ submit: z.strictObject({ message: z.string().max(1_200) }) })
    .optional(),
  metadata: metadata.optional(),
  payment_intent_data: z
    .strictObject({
      description: z.string().max(1_000).optional(),
      metadata: metadata.optional(),
      receipt_email: z.email().optional(),
      statement_descriptor_suffix: z.string().max(22).optional(),
    })
    .optional(),
  line_items: z
    .array(
      z.strictObject({
        quantity: int.min(1),
        price_data: z.strictObject({
          currency: z.string().regex(/^[a-z]{3}$/),
          unit_amount: int.min(0).max(99_999_999),
          tax_behavior: z.enum(['inclusive', 'exclusive', 'unspecified']).optional(),
          product_data: z.strictObject({
            name: z.string().min(1).max(250),
            description: z.string().optional(),
            metadata: metadata.optional(),
          }),
        }),
      }),
    )
    .min(1)
    .max(100),
  expand: z.array(z.string()).optional(),
});
export type SessionCreate = z.output<typeof sessionCreate>;

/** Seconds of one moment, or bounds. */
export const range = z.union([
  int,
  z.strictObject({
    gt: int.optional(),
    gte: int.optional(),
    lt: int.optional(),
    lte: int.optional(),
  }),
]);
export type Range = z.output<typeof range>;

/** What every list with cursors takes. */
export const page = z.strictObject({
  limit: int.min(1).max(100).default(10),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  expand: z.array(z.string()).optional(),
});
export type Page = z.output<typeof page>;

export const eventList = page.extend({
  type: z.string().optional(),
  types: z.array(z.string()).max(20).optional(),
  delivery_success: flag.optional(),
  created: range.optional(),
});
export type EventList = z.output<typeof eventList>;

/** What a list without filters takes. */
export const pageOnly = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(10),
});

export const expandOnly = z.strictObject({ expand: z.array(z.string()).optional() });

/** Parses parameters, or answers as Stripe does: unknown ones by name, missing ones by name. */
export function parseParams<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const empty = findEmpty(value, []);
  if (empty !== undefined) {
    const param = bracketed(empty);
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`;
    throw invalid(message, { code: 'parameter_invalid_empty', param });
  }
  const result = schema.safeParse(value ?? {});
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') {
    const param = bracketed([...path, issue.keys[0] ?? '']);
    throw invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = bracketed(path);
  throw invalidValue(issue, param, valueAt(value, path));
}

/** Where an empty text stands. Only in metadata it means something: that a key be removed. */
function findEmpty(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (value === '') {
    return path;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const [key, held] of Object.entries(value)) {
    const empty = key === 'metadata' ? undefined : findEmpty(held, [...path, key]);
    if (empty !== undefined) {
      return empty;
    }
  }
  return undefined;
}

/** What is missing, integers and addresses have codes of their own; other wrong values have none. */
function invalidValue(
  issue: z.core.$ZodIssue | undefined,
  param: string,
  given: unknown,
): StripeRefusal {
  const integer = 'parameter_invalid_integer';
  if (given === undefined) {
    return invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  if (issue?.code === 'invalid_type' && ['number', 'int'].includes(issue.expected)) {
    return invalid(`Invalid integer: ${String(given)}`, { code: integer, param });
  }
  if (issue?.code === 'too_small' && issue.origin === 'number') {
    const message = `This value must be greater than or equal to ${issue.minimum}.`;
    return invalid(message, { code: integer, param });
  }
  if (issue?.code === 'invalid_format' && issue.format === 'email') {
    return invalid(`Invalid email address: ${String(given)}`, { code: 'email_invalid', param });
  }
  return invalid(`Invalid ${param}: ${issue?.message ?? 'wrong value'}`, { param });
}

function bracketed(path: readonly string[]): string {
  const [first = '', ...rest] = path;
  return first + rest.map((part) => `[${part}]`).join('');
}

const halfHour = 30 * 60;
const day = 24 * 3_600;

/** Rules of sessions.create beyond the form of its parameters. */
export function checkedSession(value: unknown, now: number): SessionCreate {
  const params = parseParams(sessionCreate, value);
  const { expires_at: end } = params;
  if (end !== undefined && end < now + halfHour) {
    throw invalid(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      { param: 'expires_at' },
    );
  }
  if (end !== undefined && end > now + day) {
    throw invalid(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    );
  }
  const currencies = new Set(params.line_items.map((item) => item.price_data.currency));
  if (currencies.size > 1) {
    throw invalid('All prices on a Checkout Session must be in one currency.');
  }
  const total = totalOf(params);
  if (total > 0 && total < (minimums[[...currencies][0] ?? ''] ?? 50)) {
    throw invalid(
      "The Checkout Session's total amount due must add up to at least $0.50 usd or its equivalent.",
      { code: 'amount_too_small' },
    );
  }
  return params;
}

const minimums: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30, jpy: 50, chf: 50 };

export function totalOf(params: SessionCreate): number {
  return params.line_items.reduce(
    (sum, item) => sum + item.quantity * item.price_data.unit_amount,
    0,
  );
}
