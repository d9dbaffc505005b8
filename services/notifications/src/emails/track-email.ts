import type { Email, EmailStatus } from '@liventix/domain/emails';
import {
  emailOf,
  fateOf,
  isLost,
  isNews,
  type ResendEvent,
  resendEvent,
  suppressionOf,
} from '@liventix/domain/emails/delivery';
import {
  findResendEvent,
  markResendEventProcessed,
  recordDelay,
  recordFate,
  suppress,
} from '@liventix/domain/emails/delivery-repository';
import { lockEmail } from '@liventix/domain/emails/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';

/**
 * What Resend says became of a mail. Events come twice, late and in any order; a mail only moves on.
 * One that is lost calls a person, and an address that bounced or complained gets no more.
 */
export async function trackEmail(deps: Deps, messageId: string, eventId: string): Promise<void> {
  const outcome = await deps.db.inTransaction(async (tx) => {
    await markMessageDone(tx, messageId);
    const stored = resendEvent.safeParse(await findResendEvent(tx, eventId));
    if (!stored.success) {
      throw new AppError('resend_event.not_found', {
        message: `There is no event ${eventId} of Resend that could be read.`,
        retry: 'permanent',
      });
    }
    await markResendEventProcessed(tx, eventId);
    return await apply(tx, stored.data);
  });
  deps.log.info({ eventId, messageId, outcome }, 'mail tracked');
}

async function apply(tx: Transaction, event: ResendEvent): Promise<string> {
  const emailId = emailOf(event);
  const fate = fateOf(event);
  const email = emailId === undefined ? undefined : await lockEmail(tx, emailId);
  if (emailId === undefined || email === undefined) {
    return 'not ours';
  }
  if (fate.kind !== 'moved') {
    await (fate.kind === 'delayed' ? recordDelay(tx, emailId) : undefined);
    return fate.kind;
  }
  const { to, reason } = fate;
  if (!isNews(email.status, to)) {
    return 'known';
  }
  const providerId = event.data.email_id ?? null;
  await recordFate(tx, { emailId, status: to, reason, providerId });
  if (isLost(to)) {
    await tellLost(tx, { email, to, event });
  }
  return to;
}

/** A person is told, and an address that will never take a mail gets no more. */
async function tellLost(
  tx: Transaction,
  lost: { readonly email: Email; readonly to: EmailStatus; readonly event: ResendEvent },
): Promise<void> {
  const { email, to, event } = lost;
  const { id: emailId, recipient } = email;
  const reason = suppressionOf(to, event);
  if (recipient !== null && reason !== undefined) {
    await suppress(tx, { recipient, reason, emailId });
  }
  await openIncident(tx, {
    organizationId: email.organizationId,
    kind: `email.${to}`,
    objectType: 'email',
    objectId: emailId,
    message:
      'This mail did not reach its person. Tickets are on the order page, where the buyer can correct the address; else call them.',
    details: { orderId: email.orderId, kind: email.kind },
  });
}
