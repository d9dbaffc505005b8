import { decideSend, type Email, type RenderedEmail } from '@liventix/domain/emails';
import { isSuppressed, recordFate } from '@liventix/domain/emails/delivery-repository';
import {
  lockEmail,
  markEmailAttempted,
  markEmailFailed,
  markEmailSent,
  markEmailWithheld,
} from '@liventix/domain/emails/repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';
import { renderEmail } from '#emails/render-email';

interface Prepared {
  readonly recipient: string;
  readonly rendered: RenderedEmail;
}

/**
 * Sends one mail once. What is sent is stored before the provider is first called, and every call
 * for this mail carries its key and the same bytes: a crash anywhere repeats the call, not the mail.
 */
export async function sendEmail(deps: Deps, messageId: string, emailId: string): Promise<void> {
  const prepared = await deps.db.inTransaction(
    async (tx) => await prepare(tx, deps, { messageId, emailId }),
  );
  if (prepared === undefined || deps.mailer === undefined) {
    return;
  }
  try {
    const providerId = await deps.mailer.send({ emailId, ...prepared });
    await deps.db.inTransaction(async (tx) => {
      await markEmailSent(tx, emailId, providerId);
      await markMessageDone(tx, messageId);
    });
    deps.log.info({ emailId, messageId, providerId }, 'mail handed over');
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'resend.refused')) {
      throw error;
    }
    await deps.db.inTransaction(async (tx) => {
      const email = await lockEmail(tx, emailId);
      await giveUp(tx, { email, emailId, messageId, kind: 'email.refused', reason: error.message });
    });
  }
}

/** Decides under the mail's lock. Undefined when there is nothing to send now. */
async function prepare(
  tx: Transaction,
  deps: Deps,
  ids: { readonly messageId: string; readonly emailId: string },
): Promise<Prepared | undefined> {
  const { messageId, emailId } = ids;
  const email = await lockEmail(tx, emailId);
  if (email === undefined || email.recipient === null) {
    await markMessageDone(tx, messageId);
    return undefined;
  }
  const decision = decideSend(email, { hasKey: deps.mailer !== undefined });
  switch (decision) {
    case 'done':
      await markMessageDone(tx, messageId);
      return undefined;
    case 'withhold':
      await markEmailWithheld(tx, emailId);
      await markMessageDone(tx, messageId);
      deps.log.warn({ emailId }, 'mail withheld: RESEND_API_KEY is not set');
      return undefined;
    case 'outcome_unknown': {
      const reason = 'The first try was over 23 hours ago; another could send it twice.';
      await giveUp(tx, { email, emailId, messageId, kind: 'email.outcome_unknown', reason });
      return undefined;
    }
    case 'render':
    case 'send': {
      if (email.rendered === undefined && (await isSuppressed(tx, email.recipient))) {
        await suppressed(tx, { email, messageId });
        return undefined;
      }
      const rendered = email.rendered ?? (await renderEmail(tx, deps, email));
      await markEmailAttempted(tx, emailId, rendered);
      return { recipient: email.recipient, rendered };
    }
    default:
      return decision satisfies never;
  }
}

/** Nothing is sent to an address that bounced or complained: a person is told instead. */
async function suppressed(
  tx: Transaction,
  kept: { readonly email: Email; readonly messageId: string },
): Promise<void> {
  const { email, messageId } = kept;
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
  await markMessageDone(tx, messageId);
}

/** No further try: the mail says why, and a person is told. Its tickets stay on the order page. */
async function giveUp(
  tx: Transaction,
  lost: {
    readonly email: Email | undefined;
    readonly emailId: string;
    readonly messageId: string;
    readonly kind: 'email.refused' | 'email.outcome_unknown';
    readonly reason: string;
  },
): Promise<void> {
  await markEmailFailed(tx, lost.emailId, lost.reason);
  await openIncident(tx, {
    organizationId: lost.email?.organizationId ?? null,
    kind: lost.kind,
    objectType: 'email',
    objectId: lost.emailId,
    message: `${lost.reason} Look it up at Resend, then send it by hand if it is missing.`,
    details: { orderId: lost.email?.orderId ?? null },
  });
  await markMessageDone(tx, lost.messageId);
}
