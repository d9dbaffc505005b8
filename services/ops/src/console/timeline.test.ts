import type { OrderStory } from '@liventix/domain/orders/story';
import { expect, test } from 'vitest';
import { toTimeline } from './timeline.ts';

const nothing: OrderStory = {
  holds: [],
  attempts: [],
  payments: [],
  refunds: [],
  disputes: [],
  emails: [],
  events: [],
  mail_events: [],
  messages: [],
  transfers: [],
  scans: [],
  incidents: [],
  acts: [],
};

const at = (minute: number) => `2031-05-01T20:${String(minute).padStart(2, '0')}:00Z`;

const asked = {
  id: '0190a0a0-0000-7000-8000-000000000001',
  queue: 'refunds',
  name: 'refund.submit',
  created_at: at(1),
  dispatched_at: at(1),
  done_at: null,
  dead_at: null,
  error: null,
  trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

test('a job is told try by try, with what went wrong, up to its end', () => {
  const timeline = toTimeline({
    ...nothing,
    messages: [
      {
        ...asked,
        dead_at: at(9),
        error: 'refund.refused: no',
        attempts: [
          { at: at(2), last_at: at(6), attempt: 4, outcome: 'waiting', error: 'away', times: 4 },
          { at: at(7), last_at: at(7), attempt: null, outcome: 'lost', error: 'gone', times: 1 },
          { at: at(8), last_at: at(8), attempt: 6, outcome: 'failed', error: 'no', times: 1 },
        ],
      },
    ],
  });
  expect(timeline.map(({ what, more }) => [what, more])).toEqual([
    ['refund.submit asked of refunds', undefined],
    ['refund.submit waits, start 4', `away · 4 times until ${at(6)}`],
    ['refund.submit was lost', 'gone'],
    ['refund.submit failed, start 6', 'no'],
    ['refund.submit given up', 'refund.refused: no'],
  ]);
  expect(timeline[0]?.trace).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(timeline.at(-1)?.replay).toEqual({ messageId: asked.id });
});

test('webhooks of both providers, mails and people stand in the order of their times', () => {
  const timeline = toTimeline({
    ...nothing,
    events: [
      {
        id: 'evt_1',
        type: 'charge.refunded',
        source: 'poll',
        created_at: at(1),
        received_at: at(3),
        processed_at: at(3),
        error: null,
      },
    ],
    mail_events: [
      { id: 'msg_1', type: 'email.bounced', received_at: at(2), processed_at: null, error: null },
    ],
    acts: [
      {
        at: at(4),
        actor_type: 'user',
        actor_id: 'u',
        actor: 'Grace',
        action: 'order.correct_address',
        object_type: 'order',
        details: { before: 'a@x.test', after: 'b@x.test' },
      },
    ],
  });
  expect(timeline.map(({ what, more }) => [what, more])).toEqual([
    ['email.bounced (webhook of Resend)', 'msg_1 · waits'],
    ['charge.refunded (read from Stripe)', 'evt_1'],
    ['order.correct_address', 'Grace · before: a@x.test · after: b@x.test'],
  ]);
});
