import type { DeliveryRate } from '@liventix/domain/emails/delivery-repository';

/** How mails of each kind fared, all hours together. */
export function sumByKind(rates: readonly DeliveryRate[]): Omit<DeliveryRate, 'hour'>[] {
  return Object.entries(Object.groupBy(rates, ({ kind }) => kind))
    .map(([kind, of = []]) => ({
      kind,
      sent: sum(of, 'sent'),
      delivered: sum(of, 'delivered'),
      lost: sum(of, 'lost'),
      waiting: sum(of, 'waiting'),
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}

function sum(
  rates: readonly DeliveryRate[],
  what: 'sent' | 'delivered' | 'lost' | 'waiting',
): number {
  return rates.reduce((total, rate) => total + rate[what], 0);
}
