import { requeueWithheld } from '@liventix/domain/emails/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { coerceError } from '@liventix/shared/errors';
import type { Deps } from '#deps';

const batchSize = 100;
const everyMs = 60_000;

/** Mails that waited for a key are sent once there is one: at the start, and every minute. */
export function startReleasing(deps: Deps): () => void {
  const release = () => {
    releaseWithheld(deps).catch((error: unknown) => {
      deps.log.warn({ err: coerceError(error) }, 'withheld mails could not be released yet');
    });
  };
  release();
  const timer = setInterval(release, everyMs);
  return () => clearInterval(timer);
}

export async function releaseWithheld(deps: Pick<Deps, 'db' | 'mailer'>): Promise<void> {
  if (deps.mailer === undefined) {
    return;
  }
  for (let released = batchSize; released === batchSize; ) {
    released = await deps.db.inTransaction(async (tx) => {
      const emailIds = await requeueWithheld(tx, batchSize);
      for (const emailId of emailIds) {
        await enqueue(tx, 'email.send', { emailId });
      }
      return emailIds.length;
    });
  }
}
