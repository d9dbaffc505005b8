import { z } from 'zod';

const moment = z.string();
const maybe = z.string().nullable();

/** The latest rows of each kind that a story holds. */
export const storyMax = 200;

/** Everything that happened to an order, as rows of what it left, oldest first. Times are ISO 8601. */
export const story = {
  holds: z.array(
    z.object({
      id: z.guid(),
      status: z.string(),
      created_at: moment,
      expires_at: moment,
      ended_at: maybe,
    }),
  ),
  attempts: z.array(
    z.object({
      id: z.guid(),
      state: z.string(),
      session_id: maybe,
      expected_amount_cents: z.int(),
      created_at: moment,
      closed_at: maybe,
      checks: z.int(),
    }),
  ),
  payments: z.array(
    z.object({
      id: z.guid(),
      provider: z.string(),
      provider_id: z.string(),
      session_id: maybe,
      amount_cents: z.int(),
      currency: z.string(),
      disposition: z.string(),
      disposition_reason: maybe,
      created_at: moment,
    }),
  ),
  refunds: z.array(
    z.object({
      id: z.guid(),
      amount_cents: z.int(),
      currency: z.string(),
      kind: z.string(),
      reason: z.string(),
      status: z.string(),
      failure: maybe,
      created_at: moment,
      ended_at: maybe,
    }),
  ),
  disputes: z.array(
    z.object({
      id: z.string(),
      amount_cents: z.int(),
      currency: z.string(),
      phase: z.string(),
      reason: z.string(),
      created_at: moment,
    }),
  ),
  emails: z.array(
    z.object({
      id: z.guid(),
      kind: z.string(),
      status: z.string(),
      provider_id: maybe,
      error: maybe,
      fate_reason: maybe,
      created_at: moment,
      sent_at: maybe,
      delivered_at: maybe,
    }),
  ),
  events: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      source: z.string(),
      created_at: moment,
      received_at: moment,
      processed_at: maybe,
      error: maybe,
    }),
  ),
  /** What Resend told of the order's mails. */
  mail_events: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      received_at: moment,
      processed_at: maybe,
      error: maybe,
    }),
  ),
  messages: z.array(
    z.object({
      id: z.guid(),
      queue: z.string(),
      name: z.string(),
      created_at: moment,
      dispatched_at: maybe,
      done_at: maybe,
      dead_at: maybe,
      error: maybe,
      /** W3C trace context of what caused it. */
      trace: maybe,
      /** Runs that did not end its work; who waited for one reason many times did so until `last_at`. */
      attempts: z.array(
        z.object({
          at: moment,
          last_at: moment,
          attempt: z.int().nullable(),
          outcome: z.enum(['failed', 'waiting', 'lost']),
          error: z.string(),
          times: z.int(),
        }),
      ),
    }),
  ),
  transfers: z.array(
    z.object({
      id: z.guid(),
      state: z.string(),
      serial: z.int(),
      created_at: moment,
      ended_at: maybe,
    }),
  ),
  scans: z.array(
    z.object({
      id: z.guid(),
      serial: z.int(),
      gate: z.string(),
      direction: z.string(),
      outcome: z.string(),
      at: moment,
      undone_at: maybe,
    }),
  ),
  incidents: z.array(
    z.object({
      id: z.guid(),
      kind: z.string(),
      object_type: z.string(),
      object_id: z.string(),
      message: z.string(),
      opened_at: moment,
      resolved_at: maybe,
    }),
  ),
  acts: z.array(
    z.object({
      at: moment,
      actor_type: z.string(),
      actor_id: z.string(),
      action: z.string(),
      object_type: z.string(),
      actor: maybe,
      /** What names people, until they are forgotten. */
      details: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
};
const whole = z.object(story);
export type OrderStory = z.output<typeof whole>;
