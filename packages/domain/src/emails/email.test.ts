import { describe, expect, test } from 'vitest';
import { decideSend, type Email } from './email.ts';

const email: Email = {
  id: 'e',
  orderId: 'o',
  organizationId: 'g',
  kind: 'order_confirmation',
  facts: {},
  recipient: 'ada@resend.dev',
  status: 'queued',
  rendered: undefined,
  sinceFirstAttemptMs: null,
  batchId: null,
};
const rendered = { subject: 's', html: 'h', text: 't', attachments: [] };
const hour = 3_600_000;

describe('decideSend', () => {
  test.for<[string, Partial<Email>, boolean, string]>([
    ['a new mail is rendered', {}, true, 'render'],
    ['a rendered one is sent as it is', { rendered }, true, 'send'],
    ['without a key it is withheld', {}, false, 'withhold'],
    ['a withheld one is sent once there is a key', { status: 'withheld' }, true, 'render'],
    ['a sent one is done', { status: 'sent' }, true, 'done'],
    ['a bounced one is done', { status: 'bounced' }, true, 'done'],
    ['within the life of its key', { rendered, sinceFirstAttemptMs: 22 * hour }, true, 'send'],
    ['past it, a person', { rendered, sinceFirstAttemptMs: 24 * hour }, true, 'outcome_unknown'],
  ])('%s', ([, change, hasKey, decision]) => {
    expect(decideSend({ ...email, ...change }, { hasKey })).toBe(decision);
  });
});
