import { mailDeliveryView } from '@liventix/contracts/api/admin';
import { readDeliveryRates } from '@liventix/domain/emails/delivery-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';

export function mailsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/mail-delivery',
    action: 'read',
    summary: 'How mails fared, by kind',
    tag: 'Mails',
    querystring: z.strictObject({ hours: z.coerce.number().int().min(1).max(840).default(24) }),
    answers: { 200: mailDeliveryView },
    handler: async ({ credential, query: { hours } }) => {
      const { organizationId } = credential;
      return { hours, kinds: await readDeliveryRates(deps.db.pool, { organizationId, hours }) };
    },
  });
}
