import { z } from 'zod';
import type { EmailStatus } from './email.ts';

/** A mail that has not arrived by then is told to a person, and on the order's page. */
export const overdueMinutes = 10;

/** What is said of an address where others may look: enough to see what is wrong with it. */
export function addressHint(recipient: string): string {
  const at = recipient.lastIndexOf('@');
  return `${[...recipient].slice(0, 1).join('')}…${recipient.slice(at)}`;
}

/** What we read of an event of Resend's. Values it may add pass through unread. */
export const resendEvent = z.looseObject({
  type: z.string().min(1).max(100),
  data: z.looseObject({
    email_id: z.string().max(255).optional(),
    /** Ours, sent with the mail: the id of its row. */
    tags: z.record(z.string(), z.string()).optional(),
    bounce: z.looseObject({ type: z.string(), message: z.string().optional() }).optional(),
    failed: z.looseObject({ reason: z.string() }).optional(),
    suppressed: z.looseObject({ message: z.string().optional() }).optional(),
  }),
});
export type ResendEvent = z.output<typeof resendEvent>;

/** The mail of ours that an event is about; undefined when it is somebody else's. */
export function emailOf(event: ResendEvent): string | undefined {
  const { email_id: named } = event.data.tags ?? {};
  const id = z.uuid().safeParse(named);
  return id.success ? id.data : undefined;
}

/** What an event says became of a mail (resend.com/docs/dashboard/webhooks/event-types). */
export type Fate =
  | { readonly kind: 'moved'; readonly to: EmailStatus; readonly reason: string | null }
  | { readonly kind: 'delayed' }
  /** Opened, clicked, or a word that Resend adds: not a matter of delivery. */
  | { readonly kind: 'none' };

export function fateOf(event: ResendEvent): Fate {
  const { bounce, failed, suppressed } = event.data;
  switch (event.type) {
    case 'email.sent':
      return { kind: 'moved', to: 'sent', reason: null };
    case 'email.delivered':
      return { kind: 'moved', to: 'delivered', reason: null };
    case 'email.bounced':
      return { kind: 'moved', to: 'bounced', reason: bounce?.message ?? bounce?.type ?? null };
    case 'email.complained':
      return { kind: 'moved', to: 'complained', reason: null };
    case 'email.failed':
      return { kind: 'moved', to: 'failed', reason: failed?.reason ?? null };
    case 'email.suppressed':
      return { kind: 'moved', to: 'suppressed', reason: suppressed?.message ?? null };
    case 'email.delivery_delayed':
      return { kind: 'delayed' };
    default:
      return { kind: 'none' };
  }
}

const ranks: Readonly<Record<EmailStatus, number>> = {
  withheld: 0,
  queued: 0,
  sent: 1,
  delivered: 2,
  bounced: 3,
  failed: 3,
  suppressed: 3,
  complained: 4,
};

/** Whether an event moves a mail on. They come in any order, and a mail never goes back. */
export function isNews(from: EmailStatus, to: EmailStatus): boolean {
  return ranks[to] > ranks[from];
}

/** Whoever it was for has not got it, and may never get one there. */
export function isLost(status: EmailStatus): boolean {
  return ['bounced', 'complained', 'failed', 'suppressed'].includes(status);
}

/** Why nothing more may be sent to an address; undefined when another mail may well arrive. */
export function suppressionOf(
  status: EmailStatus,
  event: ResendEvent,
): 'bounced' | 'complained' | 'suppressed' | undefined {
  switch (status) {
    case 'complained':
    case 'suppressed':
      return status;
    case 'bounced':
      return event.data.bounce?.type === 'Permanent' ? status : undefined;
    default:
      return undefined;
  }
}
