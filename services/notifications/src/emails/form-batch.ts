import { randomUUIDv7 } from 'node:crypto';
import type { Email, RenderedEmail } from '@liventix/domain/emails';
import { batchMax } from '@liventix/domain/emails/batch';
import { lockCompanions, markBatched } from '@liventix/domain/emails/batch-repository';
import { isSuppressed } from '@liventix/domain/emails/delivery-repository';
import type { Transaction } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { Deps } from '#deps';
import { renderEmail } from '#emails/render-email';
import { withholdFromSuppressed } from '#emails/suppressed';

/** Puts a mail with others that wait, each with its link only, and keeps what will be sent. */
export async function formBatch(
  tx: Transaction,
  deps: Deps,
  first: { readonly email: Email; readonly onlyEventWide: boolean },
): Promise<string> {
  const { email, onlyEventWide } = first;
  const batchId = randomUUIDv7();
  const limit = batchMax - 1;
  const companions = await lockCompanions(tx, { emailId: email.id, onlyEventWide, limit });
  const mails = [
    { emailId: email.id, rendered: await renderEmail(tx, deps, { email, travels: 'together' }) },
  ];
  for (const companion of companions) {
    const rendered = await renderCompanion(tx, deps, companion);
    if (rendered !== undefined) {
      mails.push({ emailId: companion.id, rendered });
    }
  }
  await markBatched(tx, { batchId, mails });
  return batchId;
}

/** A mail that cannot be rendered holds up no other: its own job says what is wrong with it. */
async function renderCompanion(
  tx: Transaction,
  deps: Deps,
  email: Email,
): Promise<RenderedEmail | undefined> {
  if (email.recipient !== null && (await isSuppressed(tx, email.recipient))) {
    await withholdFromSuppressed(tx, email);
    return undefined;
  }
  try {
    return await renderEmail(tx, deps, { email, travels: 'together' });
  } catch (error) {
    deps.log.warn({ emailId: email.id, err: coerceError(error) }, 'a mail was left out of a batch');
    return undefined;
  }
}
