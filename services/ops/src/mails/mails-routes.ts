import { mailDeliveryView } from '@liventix/contracts/api/admin';
import { type DeliveryRate, readDeliveryRates } from '@liventix/domain/emails/delivery-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';

export function mailsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/mail-delivery',
    action: 'read',
    summary: 'How mails fared, by kind and hour',
    tag: 'Mails',
    querystring: z.strictObject({ hours: z.coerce.number().int().min(1).max(840).default(24) }),
    answers: { 200: mailDeliveryView },
    handler: async ({ credential, query: { hours } }) => {
      const { organizationId } = credential;
      const rates = await readDeliveryRates(deps.db.pool, { organizationId, hours });
      return {
        hours,
        kinds: sumByKind(rates),
        by_hour: rates.map((rate) => ({ ...rate, hour: rate.hour.toISOString() })),
      };
    },
  });
}

function sumByKind(rates: readonly DeliveryRate[]): Omit<DeliveryRate, 'hour'>[] {
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
