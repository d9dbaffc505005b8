import { expect, test } from 'vitest';
import { addressHint, emailOf, fateOf, isNews, resendEvent } from './delivery.ts';
import type { EmailStatus } from './email.ts';

function event(type: string, data: object = {}) {
  return resendEvent.parse({ type, data });
}

test('an address is hinted at by its first letter and its domain', () => {
  expect(addressHint('grace.hopper@liventix.test')).toBe('g…@liventix.test');
  expect(addressHint('"a@b"@liventix.test')).toBe('"…@liventix.test');
});

test('every event that moves a mail is known, and others are no news', () => {
  const moves = ['sent', 'delivered', 'bounced', 'complained', 'failed', 'suppressed'] as const;
  for (const to of moves) {
    expect(fateOf(event(`email.${to}`))).toMatchObject({ kind: 'moved', to });
  }
  expect(fateOf(event('email.delivery_delayed'))).toEqual({ kind: 'delayed' });
  for (const type of ['email.opened', 'email.clicked', 'contact.created', 'email.new_word']) {
    expect(fateOf(event(type))).toEqual({ kind: 'none' });
  }
  const bounce = { type: 'Permanent', message: 'No such mailbox.' };
  expect(fateOf(event('email.bounced', { bounce }))).toMatchObject({ reason: 'No such mailbox.' });
});

test('whatever order the events come in, a mail ends at the last of them', () => {
  const orders: EmailStatus[][] = [
    ['sent', 'delivered', 'complained'],
    ['complained', 'delivered', 'sent'],
    ['delivered', 'sent', 'complained', 'delivered'],
  ];
  for (const order of orders) {
    const end = order.reduce<EmailStatus>((at, to) => (isNews(at, to) ? to : at), 'queued');
    expect(end).toBe('complained');
  }
  expect(isNews('bounced', 'delivered')).toBe(false);
});

test('only a mail of ours is followed', () => {
  const id = '019a0000-0000-7000-8000-000000000001';
  expect(emailOf(event('email.sent', { tags: { email_id: id } }))).toBe(id);
  expect(emailOf(event('email.sent', { tags: { email_id: 'x' } }))).toBeUndefined();
  expect(emailOf(event('email.sent'))).toBeUndefined();
});
