import { randomUUIDv7 } from 'node:crypto';
import type { Database, Executor } from '@liventix/shared/db';
import { withoutAddresses } from '@liventix/shared/errors';
import { markMessageDead } from './dead-repository.ts';

/** A run of a job that did not end its work. */
export interface Attempt {
  readonly messageId: string;
  /** How often the job had been started, this time included; null when its worker was lost. */
  readonly attempt: number | null;
  readonly outcome: 'failed' | 'waiting' | 'lost';
  readonly error: string;
}

/**
 * Writes a run down. Who waits for a reason that it waited for since it last failed is counted, so that a
 * weekend without a dependency is a row or two and not a thousand. Nothing is written of a message that
 * is not there.
 */
export async function recordAttempt(executor: Executor, attempt: Attempt): Promise<void> {
  const { messageId, outcome } = attempt;
  await executor.raw(
    `with again as (
       update message_attempts
          set times = times + 1, last_at = clock_timestamp(), attempt = :attempt
        where :outcome = 'waiting'
          and id = (select id from message_attempts
                     where message_id = :messageId and outcome = 'waiting' and error = :error
                       and at > coalesce((select max(at) from message_attempts
                                           where message_id = :messageId and outcome <> 'waiting'),
                                         '-infinity')
                     order by at desc, id desc
                     limit 1)
       returning id
     )
     insert into message_attempts (id, message_id, attempt, outcome, error)
     select :id, id, :attempt::integer, :outcome, :error
       from outbox
      where id = :messageId and not exists (select from again)`,
    {
      id: randomUUIDv7(),
      messageId,
      outcome,
      attempt: attempt.attempt,
      error: withoutAddresses(attempt.error).replaceAll('\0', '').slice(0, 500),
    },
  );
}

/** What a consumer writes down of its messages. */
export function recordsIn(db: Database) {
  return {
    onAttempt: async (attempt: Attempt): Promise<void> => await recordAttempt(db.pool, attempt),
    onDead: async (messageId: string, jobName: string, error: string): Promise<void> => {
      await db.inTransaction(async (tx) => {
        await markMessageDead(tx, { messageId, jobName, error });
      });
    },
  };
}
