import type { Email } from '@liventix/domain/emails';
import { dissolveBatch, markBatchSent, readBatch } from '@liventix/domain/emails/batch-repository';
import type { Transaction } from '@liventix/shared/db';
import { withRedisLock } from '@liventix/shared/locks/redis-lock';
import type { Deps } from '#deps';
import { giveUp, isRefused } from '#emails/give-up';
import { noteNotTaken } from '#emails/not-taken';
import type { BatchAnswer, Mailer, OutgoingMail } from '#resend-client';

/** Longer than a call to Resend may take. */
const batchLock = { ttlMs: 15_000, waitMs: 2_000 } as const;

type BatchDeps = Pick<Deps, 'db' | 'log' | 'locks'> & { readonly mailer: Mailer };

/**
 * Hands a batch over, once: the jobs of its mails all come here, and who comes later finds it sent.
 * Resend keeps the key of the batch as it does a mail's, so the call is repeated with the same mails
 * in the same order, also those that are known to have arrived. `dissolved`: Resend took nothing,
 * and each mail is to be sent alone.
 */
export async function sendBatch(
  deps: BatchDeps,
  asked: { readonly batchId: string; readonly isFirst: boolean; readonly emailId: string },
): Promise<'sent' | 'dissolved'> {
  const { batchId, isFirst, emailId } = asked;
  const lock = { redis: deps.locks, key: `mail-batch/${batchId}`, options: batchLock };
  return await withRedisLock(lock, async () => {
    const batch = await readBatch(deps.db.pool, batchId);
    if (!batch.some(({ id }) => id === emailId)) {
      // Another job of it has dissolved it meanwhile.
      return 'dissolved';
    }
    const open = batch.filter(({ status }) => status === 'queued');
    if (open.length === 0) {
      return 'sent';
    }
    const mails = batch.flatMap(outgoing);
    if (mails.length < batch.length) {
      const reason = 'Mails of its batch were erased, so the call cannot be repeated.';
      await abandon(deps, open, reason);
      return 'sent';
    }
    return await handOver(deps, { batchId, isFirst, mails, open });
  });
}

async function handOver(
  deps: BatchDeps,
  batch: {
    readonly batchId: string;
    readonly isFirst: boolean;
    readonly mails: readonly OutgoingMail[];
    readonly open: readonly Email[];
  },
): Promise<'sent' | 'dissolved'> {
  const { batchId, isFirst, mails, open } = batch;
  try {
    const answers = await deps.mailer.sendBatch({ batchId, mails });
    await deps.db.inTransaction(async (tx) => await record(tx, open, answers));
    deps.log.info({ batchId, mails: mails.length }, 'mails handed over');
    return 'sent';
  } catch (error) {
    if (!isRefused(error)) {
      await noteNotTaken(deps, { emailIds: open.map(({ id }) => id), isFirst }, error);
      throw error;
    }
    const { name } = error.details;
    // Another call under this key was taken: what is in it nobody knows any more.
    if (name === 'invalid_idempotent_request') {
      await abandon(deps, open, error.message);
      return 'sent';
    }
    await deps.db.inTransaction(async (tx) => await dissolveBatch(tx, batchId));
    deps.log.warn({ batchId, name }, 'a batch was refused; its mails go alone');
    return 'dissolved';
  }
}

async function record(
  tx: Transaction,
  open: readonly Email[],
  answers: readonly BatchAnswer[],
): Promise<void> {
  await markBatchSent(
    tx,
    answers.filter((answer) => answer.kind === 'taken'),
  );
  for (const { emailId, ...answer } of answers) {
    if (answer.kind === 'refused') {
      const email = open.find(({ id }) => id === emailId);
      await giveUp(tx, { email, emailId, kind: 'email.refused', reason: answer.reason });
    }
  }
}

/** Nobody knows whether these were sent: a person looks, and nothing is sent twice. */
async function abandon(deps: BatchDeps, open: readonly Email[], reason: string): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    for (const email of open) {
      await giveUp(tx, { email, emailId: email.id, kind: 'email.outcome_unknown', reason });
    }
  });
}

function outgoing({ id: emailId, recipient, rendered }: Email): OutgoingMail[] {
  return recipient === null || rendered === undefined ? [] : [{ emailId, recipient, rendered }];
}
