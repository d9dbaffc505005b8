import type { MailTransfer } from '@liventix/domain/emails/transfer-mail-repository';
import { expect, test } from 'vitest';
import { renderTransferMail } from './transfer-mails.ts';

const transfer: MailTransfer = {
  transferId: '019a0000-0000-7000-8000-000000000001',
  ticketId: '019a0000-0000-7000-8000-000000000002',
  tokenVersion: 2,
  fromName: 'Ada Lovelace',
  toName: 'Grace <b>Hopper</b>',
  tierName: 'Floor',
  serial: 12,
  expiresAt: new Date('2031-04-01T00:00:00Z'),
  isCurrent: true,
  eventTitle: 'A Night',
  locale: 'en-GB',
  venue: 'The Hall',
  startsAt: new Date('2031-05-01T20:00:00Z'),
  timezone: 'Europe/Zurich',
};
const page = 'https://tickets.example/transfers/t/k1.transfer.1.mac';

test.for([
  ['transfer_offered', 'Ada Lovelace passes a ticket on to you.', true],
  ['ticket_received', 'The ticket is yours now.', true],
  ['transfer_accepted', 'has accepted the ticket', false],
] as const)('%s says what happened, of which ticket, and where to look', ([kind, said, links]) => {
  const mail = renderTransferMail(transfer, { kind, page });
  expect(mail.text).toContain(said);
  expect(mail.text).toContain('Ticket: Floor, 000012');
  expect(mail.text.includes(page)).toBe(links);
  expect(mail.html).not.toContain('<b>');
});

test('a name that is a link is not said again', () => {
  const hostile = { ...transfer, fromName: 'Visit www.evil.example' };
  const mail = renderTransferMail(hostile, { kind: 'transfer_offered', page });
  expect(mail.text).toContain('Somebody passes a ticket on to you.');
  expect(`${mail.text}${mail.html}`).not.toContain('evil');
});

test('the same in German', () => {
  const mail = renderTransferMail({ ...transfer, locale: 'de' }, { kind: 'ticket_received', page });
  expect(mail.subject).toBe('Ihr Ticket für A Night');
});
