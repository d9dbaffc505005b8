import type { Email } from '@liventix/domain/emails';
import { markEmailFailed } from '@liventix/domain/emails/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError, withoutAddresses } from '@liventix/shared/errors';

/** No further try: the mail says why, and a person is told. Its tickets stay on the order page. */
export async function giveUp(
  tx: Transaction,
  lost: {
    readonly email: Email | undefined;
    readonly emailId: string;
    readonly kind: 'email.refused' | 'email.outcome_unknown';
    readonly reason: string;
  },
): Promise<void> {
  // Resend names the address that it refuses.
  const reason = withoutAddresses(lost.reason);
  await markEmailFailed(tx, lost.emailId, reason);
  await openIncident(tx, {
    organizationId: lost.email?.organizationId ?? null,
    kind: lost.kind,
    objectType: 'email',
    objectId: lost.emailId,
    message: `${reason} Look it up at Resend, then send it by hand if it is missing.`,
    details: { orderId: lost.email?.orderId ?? null },
  });
}

/** Nothing was sent, and another try would fare no better: the mail is given up or sent otherwise. */
export function isRefused(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'resend.refused';
}
