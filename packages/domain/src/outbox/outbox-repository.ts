import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { type JobName, type JobPayload, jobs } from '@liventix/contracts/jobs';
import { announce, type Executor, type Transaction } from '@liventix/shared/db';
import { currentTrace, type TraceCarrier } from '@liventix/shared/telemetry/tracing';

/** A committed message, as the producer sends it. */
export interface OutboxMessage {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly payload: unknown;
  readonly trace?: TraceCarrier | undefined;
}

/**
 * The only way to send a message. It takes a transaction, so a message exists exactly when the rows
 * that caused it do. After the commit the database announces it, so that it reaches Redis at once;
 * the relay sends what that missed. Each call is a cause of its own with its own id: equal work is
 * made harmless by the consumer, never dropped here.
 */
export async function enqueue<Name extends JobName>(
  tx: Transaction,
  name: Name,
  payload: JobPayload<Name>,
): Promise<string> {
  const [id] = await enqueueAll(tx, [{ name, payload, trace: currentTrace() }]);
  assert(id !== undefined, 'a message has an id');
  return id;
}

/** Several messages in one statement, each with the trace that it is a part of. */
export async function enqueueAll(
  tx: Transaction,
  causes: readonly {
    readonly name: JobName;
    readonly payload: unknown;
    readonly trace: TraceCarrier | undefined;
  }[],
): Promise<string[]> {
  if (causes.length === 0) {
    return [];
  }
  const messages = causes.map(
    ({ name, payload, trace }): OutboxMessage => ({
      id: randomUUIDv7(),
      queue: jobs[name].queue,
      name,
      payload: jobs[name].payload.parse(payload),
      trace,
    }),
  );
  await tx.raw(
    `insert into outbox (id, queue, name, payload, trace)
     select m.id, m.queue, m.name, m.payload, m.trace
       from json_to_recordset(:messages::json)
         as m (id uuid, queue text, name text, payload jsonb, trace jsonb)`,
    { messages: JSON.stringify(messages) },
  );
  for (const message of messages) {
    announce(tx, message);
  }
  return messages.map((message) => message.id);
}

/** A consumer closes the one row it was given, with its work; a second run finds it closed. */
export async function markMessageDone(tx: Transaction, messageId: string): Promise<void> {
  await tx.raw(
    `update outbox
        set done_at = clock_timestamp()
      where id = :messageId and done_at is null and dead_at is null`,
    { messageId },
  );
}

/** Stamps the messages Redis took. Rows done meanwhile are stamped too: that changes nothing. */
export async function markMessagesDispatched(
  executor: Executor,
  messageIds: readonly string[],
): Promise<void> {
  await executor.raw(
    `update outbox
        set dispatched_at = clock_timestamp(), leased_until = null
      where id = any (:messageIds::uuid[]) and dispatched_at is null`,
    { messageIds: [...messageIds] },
  );
}
