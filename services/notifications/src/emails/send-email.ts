import assert from 'node:assert/strict';
import { decideSend, type Email, type RenderedEmail } from '@liventix/domain/emails';
import { travelsTogether, waitingMax } from '@liventix/domain/emails/batch';
import { countWaiting } from '@liventix/domain/emails/batch-repository';
import { isSuppressed } from '@liventix/domain/emails/delivery-repository';
import {
  lockEmail,
  markEmailAttempted,
  markEmailSent,
  markEmailWithheld,
} from '@liventix/domain/emails/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import type { Transaction } from '@liventix/shared/db';
import type { Deps } from '#deps';
import { formBatch } from '#emails/form-batch';
import { giveUp, isRefused } from '#emails/give-up';
import { noteNotTaken } from '#emails/not-taken';
import { renderEmail } from '#emails/render-email';
import { sendBatch } from '#emails/send-batch';
import { withholdFromSuppressed } from '#emails/suppressed';
import type { Mailer, OutgoingMail } from '#resend-client';

/** What is to be handed over; `isFirst` when that was never tried. */
type Prepared = { readonly isFirst: boolean } & (
  | { readonly kind: 'alone'; readonly recipient: string; readonly rendered: RenderedEmail }
  | { readonly kind: 'together'; readonly batchId: string }
);

/**
 * Sends one mail once, alone or with others. What is sent is stored before the provider is first
 * called, and every call for this mail carries its key and the same bytes: a crash anywhere repeats
 * the call, not the mail.
 */
export async function sendEmail(deps: Deps, messageId: string, emailId: string): Promise<void> {
  const prepared = await deps.db.inTransaction(
    async (tx) => await prepare(tx, deps, { messageId, emailId }),
  );
  if (prepared === undefined || deps.mailer === undefined) {
    return;
  }
  if (prepared.kind === 'alone') {
    await sendAlone({ ...deps, mailer: deps.mailer }, messageId, { emailId, ...prepared });
    return;
  }
  const outcome = await sendBatch({ ...deps, mailer: deps.mailer }, { ...prepared, emailId });
  if (outcome === 'dissolved') {
    await sendEmail(deps, messageId, emailId);
    return;
  }
  await deps.db.inTransaction(async (tx) => await markMessageDone(tx, messageId));
}

async function sendAlone(
  deps: Pick<Deps, 'db' | 'log'> & { readonly mailer: Mailer },
  messageId: string,
  mail: OutgoingMail & { readonly isFirst: boolean },
): Promise<void> {
  const { emailId, isFirst } = mail;
  try {
    const providerId = await deps.mailer.send(mail);
    await deps.db.inTransaction(async (tx) => {
      await markEmailSent(tx, emailId, providerId);
      await markMessageDone(tx, messageId);
    });
    deps.log.info({ emailId, messageId, providerId }, 'mail handed over');
  } catch (error) {
    if (!isRefused(error)) {
      await noteNotTaken(deps, { emailIds: [emailId], isFirst }, error);
      throw error;
    }
    await deps.db.inTransaction(async (tx) => {
      const email = await lockEmail(tx, emailId);
      await giveUp(tx, { email, emailId, kind: 'email.refused', reason: error.message });
      await markMessageDone(tx, messageId);
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
  const { recipient } = email;
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
      await giveUp(tx, { email, emailId, kind: 'email.outcome_unknown', reason });
      await markMessageDone(tx, messageId);
      return undefined;
    }
    case 'render':
      return await prepareFirst(tx, deps, { email: { ...email, recipient }, messageId });
    case 'send': {
      const { batchId, rendered } = email;
      const isFirst = email.sinceFirstAttemptMs === null;
      assert.ok(rendered !== undefined, 'what is sent again was rendered');
      await markEmailAttempted(tx, emailId, rendered);
      return batchId === null
        ? { kind: 'alone', isFirst, recipient, rendered }
        : { kind: 'together', isFirst, batchId };
    }
    default:
      return decision satisfies never;
  }
}

/** The first try: renders the mail, alone or with others that wait. */
async function prepareFirst(
  tx: Transaction,
  deps: Deps,
  first: { readonly email: Email & { readonly recipient: string }; readonly messageId: string },
): Promise<Prepared | undefined> {
  const { email, messageId } = first;
  const { id: emailId, recipient } = email;
  if (await isSuppressed(tx, recipient)) {
    await withholdFromSuppressed(tx, email);
    await markMessageDone(tx, messageId);
    return undefined;
  }
  const perSecond = deps.mailer?.perSecond ?? 1;
  const waiting = await countWaiting(tx, waitingMax(perSecond) + 1);
  if (travelsTogether(email.kind, { waiting, perSecond })) {
    const onlyEventWide = waiting <= waitingMax(perSecond);
    const batchId = await formBatch(tx, deps, { email, onlyEventWide });
    return { kind: 'together', isFirst: true, batchId };
  }
  const rendered = await renderEmail(tx, deps, { email, travels: 'alone' });
  await markEmailAttempted(tx, emailId, rendered);
  return { kind: 'alone', isFirst: true, recipient, rendered };
}
