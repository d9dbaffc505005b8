import { voiceOf } from '@liventix/shared/voice';
import { expect, test } from 'vitest';
import { renderEventNotice } from './event-notice.ts';

const notice = {
  voice: voiceOf('en-GB'),
  event: {
    title: 'A Night',
    venue: 'The Barn',
    startsAt: new Date('2031-05-02T18:00:00Z'),
    timezone: 'Europe/Zurich',
  },
  orderNumber: 'LV-12345678',
  page: 'https://tickets.example/orders/t/k1.order.1.mac',
};

test('a change says how it is and how it was, line by line', () => {
  const facts = { before: { venue: 'The Hall', starts_at: '2031-05-01T18:00:00.000Z' } };
  const mail = renderEventNotice(notice, { kind: 'event_changed', facts });
  expect(mail.subject).toBe('Changed: A Night (LV-12345678)');
  expect(mail.text).toMatch(/When: .*2 May 2031.*20:00/);
  expect(mail.text).toMatch(/When, before: .*1 May 2031.*20:00/);
  expect(mail.text).toContain('Where: The Barn\nWhere, before: The Hall');
  expect(mail.text).not.toContain('Event, before');
  expect(mail.text).toContain(notice.page);
  expect(mail.attachments).toEqual([]);
});

test('a reminder says when and where, in the language of who reads it', () => {
  const german = { ...notice, voice: voiceOf('de'), orderNumber: null };
  const mail = renderEventNotice(german, { kind: 'event_reminder', facts: { before: {} } });
  expect(mail.subject).toBe('Bald: A Night');
  expect(mail.text).toContain('Wo: The Barn');
  expect(mail.text).not.toContain('vorher');
  expect(mail.text).not.toContain('Bestellung:');
});

test('what attacks in a title or a venue is text', () => {
  const event = { ...notice.event, title: '<img src=x onerror=alert(1)>', venue: '"><script>' };
  const facts = { before: { venue: '<script>alert(1)</script>' } };
  const mail = renderEventNotice({ ...notice, event }, { kind: 'event_changed', facts });
  expect(mail.html).not.toMatch(/<script|<img/);
});
