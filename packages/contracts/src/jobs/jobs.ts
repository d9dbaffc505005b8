// Leaf package: zod is the only dependency allowed, because the browser loads it too.
import { z } from 'zod';

interface JobContract<Name extends string, Queue extends string, Schema extends z.ZodType> {
  readonly name: Name;
  readonly queue: Queue;
  readonly payload: Schema;
  readonly attempts: number;
  readonly backoffMs: number;
}

function job<const Name extends string, const Queue extends string, Schema extends z.ZodType>(
  definition: JobContract<Name, Queue, Schema>,
): JobContract<Name, Queue, Schema> {
  return definition;
}

const defaults = { attempts: 12, backoffMs: 1_000 } as const;

/**
 * Every message on the wire. Payloads carry ids only. None declares a job id: that is the outbox
 * row's own id, a cause and never a subject. Jobs outlive deploys, so within one name only optional
 * fields may be added; anything else is a new name.
 */
export const jobs = {
  /** Make an order agree with what Stripe says of one of its sessions. */
  'order.settle': job({
    name: 'order.settle',
    queue: 'ticketing',
    payload: z.object({
      orderId: z.uuid(),
      sessionId: z.string().min(1).max(255),
      /** The stored Stripe event that caused this; without one, Stripe is asked. */
      eventId: z.string().min(1).max(255).optional(),
    }),
    ...defaults,
  }),
  /** Phase two of settling, for an order whose payment is recorded. */
  'tickets.ensure': job({
    name: 'tickets.ensure',
    queue: 'ticketing',
    payload: z.object({ orderId: z.uuid() }),
    ...defaults,
  }),
  /** Ask Stripe for a refund that is requested. */
  'refund.submit': job({
    name: 'refund.submit',
    queue: 'refunds',
    payload: z.object({ refundId: z.uuid() }),
    ...defaults,
  }),
  /** Make our refunds of a PaymentIntent agree with Stripe's. */
  'refund.sync': job({
    name: 'refund.sync',
    queue: 'refunds',
    payload: z.object({
      paymentIntentId: z.string().min(1).max(255),
      /** The stored Stripe event that caused this. */
      eventId: z.string().min(1).max(255).optional(),
    }),
    ...defaults,
  }),
  /** Refund every order of a cancelled event. */
  'event.refund_all': job({
    name: 'event.refund_all',
    queue: 'refunds',
    payload: z.object({ eventId: z.uuid() }),
    ...defaults,
  }),
  /** Make what we did about a dispute agree with Stripe's own state of it. */
  'dispute.sync': job({
    name: 'dispute.sync',
    queue: 'refunds',
    payload: z.object({
      disputeId: z.string().min(1).max(255),
      /** The stored Stripe event that caused this. */
      eventId: z.string().min(1).max(255).optional(),
    }),
    ...defaults,
  }),
  /** Tell a person that a card's issuer takes a payment for fraud. */
  'payment.warn': job({
    name: 'payment.warn',
    queue: 'refunds',
    payload: z.object({
      paymentIntentId: z.string().min(1).max(255),
      /** The stored Stripe event that caused this. */
      eventId: z.string().min(1).max(255).optional(),
    }),
    ...defaults,
  }),
  /** Owe everybody of an event a mail about it. */
  'event.tell': job({
    name: 'event.tell',
    queue: 'notifications',
    payload: z.object({ noticeId: z.uuid() }),
    ...defaults,
  }),
  'email.send': job({
    name: 'email.send',
    queue: 'notifications',
    payload: z.object({ emailId: z.uuid() }),
    ...defaults,
  }),
  /** What Resend says became of a mail. */
  'email.track': job({
    name: 'email.track',
    queue: 'notifications',
    /** The stored event, by its delivery's id. */
    payload: z.object({ eventId: z.string().min(1).max(255) }),
    ...defaults,
  }),
};

export type Jobs = typeof jobs;
export type JobName = keyof Jobs;
export type JobPayload<Name extends JobName> = z.output<Jobs[Name]['payload']>;

/** Every queue, repeatable ones included, for Bull Board and producers. */
export const queues = ['ticketing', 'refunds', 'notifications', 'inventory', 'audit'] as const;

/** Every repeatable job: its queue, and what it does. They carry no payload. */
export const ticks = {
  'holds.expire': { queue: 'inventory' },
  'outbox.relay': { queue: 'inventory' },
  'payments.reconcile': { queue: 'inventory' },
  'books.audit': { queue: 'audit' },
  'balance.read': { queue: 'audit' },
  'refunds.hand_out': { queue: 'inventory' },
  'reminders.owe': { queue: 'inventory' },
  'signals.read': { queue: 'inventory' },
  'mails.watch': { queue: 'audit' },
  'audit.seal': { queue: 'audit' },
  'people.forget': { queue: 'audit' },
  'queues.clean': { queue: 'audit' },
} as const;
