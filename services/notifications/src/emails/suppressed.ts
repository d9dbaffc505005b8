import type { Email } from '@liventix/domain/emails';
import { recordFate } from '@liventix/domain/emails/delivery-repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import type { Transaction } from '@liventix/shared/db';

/** Nothing is sent to an address that bounced or complained: a person is told instead. */
export async function withholdFromSuppressed(tx: Transaction, email: Email): Promise<void> {
  const reason = 'The address bounced or complained before.';
  await recordFate(tx, { emailId: email.id, status: 'suppressed', reason, providerId: null });
  await openIncident(tx, {
    organizationId: email.organizationId,
    kind: 'email.suppressed',
    objectType: 'email',
    objectId: email.id,
    message: `${reason} Tickets are on the order page, where the buyer can correct it.`,
    details: { orderId: email.orderId, kind: email.kind },
  });
}
