import type { HealthSnapshotView } from '@liventix/contracts/api/books';

/** The money of one currency. */
export interface SnapshotMoney {
  readonly currency: string;
  /** What came and became tickets, before anything was given back. */
  readonly revenueCents: number;
  /** Given back of any payment, and on its way back. */
  readonly refundedCents: number;
  readonly refundOpenCents: number;
  /** Owed, since a refund failed: an incident says of which payment. */
  readonly owedCents: number;
  /** What providers kept, as far as they have told. */
  readonly feesCents: number;
  /** Came and is neither tickets, given back nor owed; or became tickets and never came. */
  readonly unexplainedCents: number;
}

/** The state of the business in a few numbers. */
export interface HealthSnapshot {
  readonly ordersPaid: number;
  readonly ticketsIssued: number;
  /** Active holds, and the seats in them. */
  readonly reservedHolds: number;
  readonly reservedSeats: number;
  /** Tickets of one seat of a line, and payments for one order's tickets, beyond the first. */
  readonly duplicates: number;
  /** Payment pages whose money did not come. */
  readonly failedPayments: number;
  /** One for each currency in which money came. */
  readonly money: readonly SnapshotMoney[];
}

/** No cent is unexplained. */
export function accountingMatches({ money }: Pick<HealthSnapshot, 'money'>): boolean {
  return money.every(({ unexplainedCents }) => unexplainedCents === 0);
}

/** The snapshot as ops answers it and `./liventix verify --json` prints it. */
export function toSnapshotView(snapshot: HealthSnapshot): HealthSnapshotView {
  return {
    orders_paid: snapshot.ordersPaid,
    tickets_issued: snapshot.ticketsIssued,
    reserved_holds: snapshot.reservedHolds,
    reserved_seats: snapshot.reservedSeats,
    duplicates: snapshot.duplicates,
    failed_payments: snapshot.failedPayments,
    accounting_matches: accountingMatches(snapshot),
    money: snapshot.money.map((of) => ({
      currency: of.currency,
      revenue_cents: of.revenueCents,
      refunded_cents: of.refundedCents,
      refund_open_cents: of.refundOpenCents,
      owed_cents: of.owedCents,
      fees_cents: of.feesCents,
      unexplained_cents: of.unexplainedCents,
    })),
  };
}
