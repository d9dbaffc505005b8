import { mailDeliveryView } from '@liventix/contracts/api/admin';
import { readDeliveryRates } from '@liventix/domain/emails/delivery-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { sumByKind } from '#mails/delivery-rates';

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
