import { z } from 'zod';

/** Answer of GET /admin/v1/health-snapshot. */
export const healthSnapshotView = z.object({
  orders_paid: z.int(),
  tickets_issued: z.int(),
  /** Active holds, and the seats in them. */
  reserved_holds: z.int(),
  reserved_seats: z.int(),
  /** Tickets of one seat of a line, and payments for one order's tickets, beyond the first. */
  duplicates: z.int(),
  /** Payment pages whose money did not come. */
  failed_payments: z.int(),
  /** No cent is unexplained. */
  accounting_matches: z.boolean(),
  /** One for each currency in which money came. */
  money: z.array(
    z.object({
      currency: z.string(),
      /** What came and became tickets, before anything was given back. */
      revenue_cents: z.int(),
      refunded_cents: z.int(),
      refund_open_cents: z.int(),
      /** Owed, since a refund failed. */
      owed_cents: z.int(),
      /** What providers kept, as far as they have told. */
      fees_cents: z.int(),
      unexplained_cents: z.int(),
    }),
  ),
});
export type HealthSnapshotView = z.output<typeof healthSnapshotView>;

/** Answer of GET /admin/v1/books: what stands in each account of the ledger. */
export const balancesView = z.object({
  balances: z.array(
    z.object({ account: z.string(), currency: z.string(), balance_cents: z.int() }),
  ),
});

/** Query of GET /admin/v1/books: of one event, or of all. */
export const balancesQuery = z.object({ event: z.uuid().optional() });

/** Query of GET /admin/v1/books/entries.csv: from a day until before another, in UTC. */
export const exportQuery = z.object({ from: z.iso.date(), until: z.iso.date() });
