export const emailKinds = [
  'order_confirmation',
  'refund_requested',
  'refund_made',
  'refund_failed',
  'event_cancelled',
  'payment_too_late',
  'dispute_opened',
  'wallet_credit',
  'transfer_offered',
  'transfer_accepted',
  'ticket_received',
  'event_changed',
  'event_reminder',
] as const;
export type EmailKind = (typeof emailKinds)[number];

export type EmailStatus =
  | 'queued'
  | 'withheld'
  | 'sent'
  | 'delivered'
  | 'bounced'
  | 'complained'
  | 'failed'
  | 'suppressed';

/** What is sent, byte for byte: another body under the same idempotency key is refused. */
export interface RenderedEmail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentBase64: string;
    readonly contentType: string;
    /** Of a picture that the HTML shows; a file without one is only attached. */
    readonly contentId?: string;
  }[];
}

export interface Email {
  readonly id: string;
  readonly orderId: string | null;
  readonly organizationId: string;
  readonly kind: EmailKind;
  /** What the mail says of money, by its kind: see money-facts.ts. */
  readonly facts: unknown;
  readonly recipient: string | null;
  readonly status: EmailStatus;
  readonly rendered: RenderedEmail | undefined;
  /** Milliseconds since the provider was first called, by the database's clock. */
  readonly sinceFirstAttemptMs: number | null;
  /** With which others it was first handed over; null of one that goes alone. */
  readonly batchId: string | null;
}

export type SendDecision = 'done' | 'withhold' | 'outcome_unknown' | 'render' | 'send';

/**
 * Resend keeps an idempotency key for 24 hours (resend.com/docs/dashboard/emails/idempotency-keys).
 * An hour before that ends, another try could send a second mail, so a person decides.
 */
const keyLifeMs = 23 * 3_600_000;

export function decideSend(email: Email, options: { readonly hasKey: boolean }): SendDecision {
  if (email.status !== 'queued' && email.status !== 'withheld') {
    return 'done';
  }
  if (!options.hasKey) {
    return 'withhold';
  }
  if (email.sinceFirstAttemptMs !== null && email.sinceFirstAttemptMs > keyLifeMs) {
    return 'outcome_unknown';
  }
  return email.rendered === undefined ? 'render' : 'send';
}
