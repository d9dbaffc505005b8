import type { HealthSnapshotView } from '@liventix/contracts/api/books';
import { formatMoney } from '@liventix/shared/money';
import { print } from './terminal.ts';

/** The state of the business, a line for each number. */
export function printSnapshot(snapshot: HealthSnapshotView): void {
  const line = (name: string, value: unknown) => print(`  ${name.padEnd(20)}${value}`);
  print('');
  line('orders paid', snapshot.orders_paid);
  line('tickets issued', snapshot.tickets_issued);
  line('reserved', `${snapshot.reserved_seats} seats in ${snapshot.reserved_holds} holds`);
  line('duplicates', snapshot.duplicates);
  line('failed payments', snapshot.failed_payments);
  for (const { currency, ...cents } of snapshot.money) {
    const money = (amount: number) => formatMoney(amount, currency, 'en');
    line('revenue', money(cents.revenue_cents));
    line(
      'refunded',
      `${money(cents.refunded_cents)}, on its way ${money(cents.refund_open_cents)}`,
    );
    line('owed', money(cents.owed_cents));
    line('fees', money(cents.fees_cents));
    line('unexplained', money(cents.unexplained_cents));
  }
  line('accounting', snapshot.accounting_matches ? 'matches' : 'DOES NOT MATCH');
}
