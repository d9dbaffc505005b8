import { z } from 'zod';

const moment = z.string();
const maybe = z.string().nullable();

/** Everything that happened to an order, as rows of what it left. Times are ISO 8601. */
export const story = {
  holds: z.array(
    z.object({
      id: z.uuid(),
      status: z.string(),
      created_at: moment,
      expires_at: moment,
      ended_at: maybe,
    }),
  ),
  attempts: z.array(
    z.object({
      id: z.uuid(),
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
      id: z.uuid(),
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
      id: z.uuid(),
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
      id: z.uuid(),
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
  messages: z.array(
    z.object({
      id: z.uuid(),
      queue: z.string(),
      name: z.string(),
      created_at: moment,
      dispatched_at: maybe,
      done_at: maybe,
      dead_at: maybe,
      error: maybe,
      /** W3C trace context of what caused it. */
      trace: maybe,
    }),
  ),
  transfers: z.array(
    z.object({
      id: z.uuid(),
      state: z.string(),
      serial: z.int(),
      created_at: moment,
      ended_at: maybe,
    }),
  ),
  scans: z.array(
    z.object({
      id: z.uuid(),
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
      id: z.uuid(),
      kind: z.string(),
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
      actor: maybe,
    }),
  ),
};
const whole = z.object(story);
export type OrderStory = z.output<typeof whole>;
