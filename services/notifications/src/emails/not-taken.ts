import { markNotAttempted } from '@liventix/domain/emails/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { refusesAll } from '#resend-client';

/**
 * After a call that did not succeed, and is made again. When the provider said that it took nothing, the
 * first try of these mails is yet to come: otherwise a day without quota would end in mails of which
 * nobody knows whether they were sent. A person is told when only a person can mend it.
 */
export async function noteNotTaken(
  deps: { readonly db: Database },
  call: { readonly emailIds: readonly string[]; readonly isFirst: boolean },
  error: unknown,
): Promise<void> {
  if (!(error instanceof AppError) || error.code !== 'resend.unavailable') {
    return;
  }
  const { name, status } = error.details;
  const isCertain = status === 429 || status === 401 || status === 403 || status === undefined;
  await deps.db.inTransaction(async (tx) => {
    if (isCertain && call.isFirst) {
      await markNotAttempted(tx, call.emailIds);
    }
    if (typeof name === 'string' && refusesAll(name)) {
      await openIncident(tx, {
        kind: 'mail.stopped',
        objectType: 'provider',
        objectId: name,
        message: `Resend takes no mails: ${name}. Raise the quota or mend RESEND_API_KEY; they wait, and are sent by themselves.`,
      });
    }
  });
}
