import { z } from 'zod';

/** Why money came too late for tickets; a second payment did not. */
export const lateReasons = [
  'sold_out',
  'credit_spent',
  'order_cancelled',
  'event_cancelled',
  'event_ended',
] as const;
export type LateReason = (typeof lateReasons)[number];

const money = { amountCents: z.int().min(0), currency: z.string() };

/** The order is cancelled: no tickets come of it. Mails that are older than this lack it. */
const isCancelled = z.boolean().default(false);

/** What a mail about a refund says. Nothing was paid for tickets that are refunded at 0. */
export const refundFacts = z.object({
  ...money,
  tickets: z.int().min(0),
  /** Of these tickets the first few. */
  serials: z.array(z.int()),
  isCancelled,
});
export type RefundFacts = z.output<typeof refundFacts>;

/** What of a cancelled event's order is still to go back. */
export const cancellationFacts = z.object(money);
export type CancellationFacts = z.output<typeof cancellationFacts>;

export const lateMoneyFacts = z.object({ ...money, reason: z.enum(lateReasons) });
export type LateMoneyFacts = z.output<typeof lateMoneyFacts>;

export const disputeFacts = z.object({
  ...money,
  orderNumber: z.string(),
  eventTitle: z.string(),
  /** Stripe's word for it. */
  reason: z.string(),
  /** Until when Stripe takes an answer. */
  dueAt: z.iso.datetime({ offset: true }).nullable(),
});
export type DisputeFacts = z.output<typeof disputeFacts>;

/** What entered a wallet, nothing when only its token is mailed again, and what is in it. */
export const walletFacts = z.object({
  ...money,
  balanceCents: z.int().min(0),
  orderNumber: z.string().nullable(),
  isCancelled,
});
export type WalletFacts = z.output<typeof walletFacts>;
