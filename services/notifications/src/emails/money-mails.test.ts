import type { RenderedEmail } from '@liventix/domain/emails';
import { lateReasons } from '@liventix/domain/emails/money-facts';
import { type Voice, voiceOf } from '@liventix/shared/voice';
import { describe, expect, test } from 'vitest';
import { renderDisputeOpened } from './dispute-opened.ts';
import { renderEventCancelled } from './event-cancelled.ts';
import type { BuyerMail } from './order-mail.ts';
import { renderPaymentTooLate } from './payment-too-late.ts';
import { renderRefundMail } from './refund-mails.ts';

const page = 'https://tickets.example/orders/t/k1.order.1.mac';
const order = {
  number: 'LV-12345678',
  buyerName: 'Ada Lovelace',
  eventTitle: 'A Night',
  venue: 'The Hall',
  // Ten in the evening there.
  startsAt: new Date('2031-05-01T20:00:00Z'),
  timezone: 'Europe/Zurich',
};
const en = voiceOf('en-GB');
const de = voiceOf('de-CH');

function to(voice: Voice, change: Partial<BuyerMail['order']> = {}): BuyerMail {
  return { order: { ...order, ...change }, voice, page };
}

const refund = {
  amountCents: 5_000,
  currency: 'eur',
  tickets: 2,
  serials: [1, 12],
  isCancelled: false,
};
const goodwill = { ...refund, tickets: 0, serials: [] };
const money = { amountCents: 5_000, currency: 'eur' };
const dispute = {
  ...money,
  orderNumber: order.number,
  eventTitle: order.eventTitle,
  reason: 'product_not_received',
  dueAt: '2031-05-20T21:59:59.000Z',
};

/** Text of the HTML as a person sees it. */
function seen({ html }: RenderedEmail): string {
  const entities: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return html
    .replace(/^[\s\S]*<body[^>]*>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&[a-z#0-9]+;/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/\s+/g, ' ');
}

type Case = [what: string, mail: RenderedEmail, subject: string, said: string[]];

const cases: Case[] = [
  [
    'a refund that is on its way',
    renderRefundMail(to(en), 'refund_requested', refund),
    'Your refund for A Night is on its way (LV-12345678)',
    ['Hello Ada Lovelace,', '€50.00', '000001, 000012', 'admit nobody any more', 'you paid with'],
  ],
  [
    'the same in German',
    renderRefundMail(to(de), 'refund_requested', refund),
    'Ihre Erstattung für A Night ist unterwegs (LV-12345678)',
    ['Guten Tag Ada Lovelace,', '50.00', '000001, 000012', 'gelten am Einlass nicht mehr'],
  ],
  [
    'a refund that was made',
    renderRefundMail(to(en), 'refund_made', goodwill),
    'Your refund for A Night was made (LV-12345678)',
    ['€50.00', 'five to ten business days'],
  ],
  [
    'the same in German',
    renderRefundMail(to(de), 'refund_made', goodwill),
    'Ihre Erstattung für A Night ist angewiesen (LV-12345678)',
    ['fünf bis zehn Werktage'],
  ],
  [
    'a refund that failed',
    renderRefundMail(to(en), 'refund_failed', refund),
    'Your refund for A Night did not go through (LV-12345678)',
    ['€50.00', 'The money is still owed to you'],
  ],
  [
    'the same in German',
    renderRefundMail(to(de), 'refund_failed', refund),
    'Ihre Erstattung für A Night kam nicht an (LV-12345678)',
    ['Das Geld steht Ihnen weiterhin zu'],
  ],
  [
    'an event that is cancelled',
    renderEventCancelled(to(en), money),
    'Cancelled: A Night (LV-12345678)',
    ['A Night was cancelled', '€50.00', 'What you paid goes back'],
  ],
  [
    'the same in German',
    renderEventCancelled(to(de), money),
    'Abgesagt: A Night (LV-12345678)',
    ['A Night ist abgesagt', 'Was Sie bezahlt haben, geht dorthin zurück'],
  ],
  [
    'money that came too late',
    renderPaymentTooLate(to(en), { ...money, reason: 'sold_out' }),
    'Your payment for A Night came too late (LV-12345678)',
    ['€50.00', 'the tickets were sold by then', 'all of it goes back'],
  ],
  [
    'the same in German',
    renderPaymentTooLate(to(de), { ...money, reason: 'order_cancelled' }),
    'Ihre Zahlung für A Night kam zu spät (LV-12345678)',
    ['nachdem Ihre Bestellung storniert war', 'Der ganze Betrag'],
  ],
];

describe('mails to a buyer about money', () => {
  test.for(cases)('%s', ([, mail, subject, said]) => {
    expect(mail.subject).toBe(subject);
    for (const words of [...said, order.number, order.venue, 'Europe/Zurich', '22:00']) {
      expect(mail.text).toContain(words);
      expect(seen(mail)).toContain(words);
    }
    expect(mail.text).toContain(page);
    expect(mail.html).toContain(`<a href="${page}">`);
    expect(mail.attachments).toEqual([]);
  });

  test('each reason for lateness has words of its own, in both languages', () => {
    const leads = [en, de].flatMap((voice) =>
      lateReasons.map((reason) => renderPaymentTooLate(to(voice), { ...money, reason }).text),
    );
    expect(new Set(leads).size).toBe(2 * lateReasons.length);
  });

  test.for([
    ['en', 'Nothing was paid', 'no money moves'],
    ['de', 'kostenlos', 'kein Geld'],
  ])('of free tickets nothing is said in money: %s', ([locale = '', ...said]) => {
    const free = { ...refund, amountCents: 0 };
    const mail = renderRefundMail(to(voiceOf(locale)), 'refund_made', free);
    for (const words of [...said, '000001']) {
      expect(mail.text).toContain(words);
    }
    const cancelled = renderEventCancelled(to(voiceOf(locale)), { ...money, amountCents: 0 });
    expect(`${mail.text}${mail.html}${cancelled.text}${cancelled.html}`).not.toMatch(/€|EUR/);
    expect(cancelled.text).toMatch(/no money moves|kein Geld/);
  });

  test.for([
    ['en', 'no tickets come of it'],
    ['de', 'Tickets kommen daraus keine'],
  ])('of an order that never got its tickets it says that none come: %s', ([locale = '', said]) => {
    const voice = voiceOf(locale);
    const mail = (isCancelled: boolean) =>
      renderRefundMail(to(voice), 'refund_requested', { ...goodwill, isCancelled }).text;
    expect(mail(true)).toContain(said);
    expect(mail(false)).not.toContain(said);
  });

  test.for([
    ['en', 'could not issue the tickets', 'given back'],
    ['de', 'nicht ausstellen', 'zurückgegeben'],
  ])(
    'of an order that ends with nothing to give back it says why: %s',
    ([locale = '', said, not]) => {
      const nothing = { ...goodwill, amountCents: 0, isCancelled: true };
      const mail = renderRefundMail(to(voiceOf(locale)), 'refund_made', nothing);
      expect(mail.text).toContain(said);
      expect(mail.text).not.toContain(not);
    },
  );

  test('of very many tickets the first are named and the others counted', () => {
    const many = { ...refund, tickets: 500, serials: [1, 2] };
    expect(renderRefundMail(to(en), 'refund_made', many).text).toContain(
      '000001, 000002 and 498 more',
    );
  });

  test('money without decimals, and with three, is written as its people write it', () => {
    const text = (currency: string) =>
      renderRefundMail(to(en), 'refund_made', { ...goodwill, currency }).text;
    expect(text('jpy')).toContain('JP¥5,000');
    expect(text('kwd')).toMatch(/KWD\s5\.000/);
  });
});

describe('what a mail is in', () => {
  test.for([
    ['de', 'de', 'de'],
    ['de-CH', 'de', 'de-CH'],
    ['DE-at', 'de', 'de-AT'],
    ['de-Latn-CH', 'de', 'de'],
    ['en-US', 'en', 'en-US'],
    ['fr-CH', 'en', 'en'],
    ['den', 'en', 'en'],
    ['nonsense!', 'en', 'en'],
  ])('%s is written in %s, as %s', ([wanted = '', language, locale]) => {
    expect(voiceOf(wanted)).toMatchObject({ language, locale });
  });

  test('the mail declares its language, so that it is read out right', () => {
    expect(renderEventCancelled(to(de), money).html).toContain('<html lang="de-CH">');
    expect(renderEventCancelled(to(voiceOf('fr')), money).html).toContain('<html lang="en">');
  });

  test('it can be read without seeing it: one heading, figures with their headers', () => {
    const { html } = renderRefundMail(to(en), 'refund_made', refund);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(html.match(/<th scope="row"/g)?.length).toBe(html.match(/<td/g)?.length);
  });
});

describe('hostile names', () => {
  const hostile = {
    buyerName: '<img src=x onerror=alert(1)>"\'&',
    eventTitle: 'Night\r\nBcc: all@example.com\u2028<script>alert(2)</script>\u202e',
    venue: '</td><a href="https://evil.example">Hall</a>',
  };
  const mails: RenderedEmail[] = [
    renderRefundMail(to(en, hostile), 'refund_requested', refund),
    renderRefundMail(to(de, hostile), 'refund_failed', refund),
    renderEventCancelled(to(en, hostile), money),
    renderPaymentTooLate(to(de, hostile), { ...money, reason: 'event_ended' }),
    renderDisputeOpened(
      { ...dispute, eventTitle: hostile.eventTitle, reason: '<b>new\nkind</b>' },
      { voice: en, timezone: 'UTC' },
    ),
  ];

  test('are text and nothing else', () => {
    for (const { html } of mails) {
      expect(html).not.toMatch(/<(script|img|b)\b/);
      expect(html).not.toContain('href="https://evil.example"');
    }
  });

  test('start no line and no header, and turn nothing round', () => {
    for (const { subject, text, html } of mails) {
      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(text).not.toMatch(/^Bcc:/m);
      expect(`${subject}${text}${html}`).not.toMatch(/[\u2028\u202e]/);
    }
  });

  test('a name that reads like a link is not said again to whoever owns the address', () => {
    for (const buyerName of ['Win at https://evil.example', 'www.evil.example', 'evil.example']) {
      expect(renderRefundMail(to(en, { buyerName }), 'refund_made', refund).text).not.toContain(
        'evil',
      );
    }
    const tolkien = { buyerName: 'J.R.R. Tolkien' };
    expect(renderEventCancelled(to(en, tolkien), money).text).toContain('Hello J.R.R. Tolkien,');
    expect(renderEventCancelled(to(en, { buyerName: null }), money).text).toContain('Hello,');
  });
});

describe('a dispute, to the organizer', () => {
  test.for([
    ['en', 'Disputed payment: A Night (LV-12345678)', 'Not received', 'until: Tuesday'],
    ['de', 'Angefochtene Zahlung: A Night (LV-12345678)', 'Nicht erhalten', 'bis: Dienstag'],
  ])('%s', ([locale = '', subject, ...said]) => {
    const context = { voice: voiceOf(locale), timezone: 'Europe/Zurich' };
    const mail = renderDisputeOpened(dispute, context);
    expect(mail.subject).toBe(subject);
    for (const words of [...said, order.number, '23:59']) {
      expect(mail.text.replace('11:59 PM', '23:59')).toContain(words);
    }
    expect(mail.text).toMatch(/€50\.00|50,00\s€/);
    // The page opens with the buyer's own credential.
    expect(`${mail.text}${mail.html}`).not.toContain('/orders/t/');
  });

  test('without a day for the answer none is said, and an unknown reason as it is', () => {
    const context = { voice: en, timezone: 'UTC' };
    const mail = renderDisputeOpened({ ...dispute, dueAt: null, reason: 'noncompliant' }, context);
    expect(mail.text).not.toContain('Answer until');
    expect(mail.text).toContain('Reason: noncompliant');
  });
});
