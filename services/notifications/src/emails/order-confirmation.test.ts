import { createDocuments } from '@liventix/documents';
import { readPdf } from '@liventix/documents/testing/readers';
import type { Confirmation } from '@liventix/domain/emails/confirmation-repository';
import { afterAll, describe, expect, test } from 'vitest';
import { renderConfirmation } from './order-confirmation.ts';

const page = 'https://tickets.example/orders/t/k1.order.1.mac';
const documents = createDocuments();
const context = { page, documents };
afterAll(async () => await documents.close());

function confirmation(change: Partial<Confirmation> = {}): Confirmation {
  return {
    orderId: '019a0000-0000-7000-8000-000000000001',
    number: 'LV-12345678',
    tokenVersion: 1,
    buyerName: 'Ada Lovelace',
    locale: 'en-GB',
    currency: 'eur',
    subtotalCents: 5_000,
    discountCents: 0,
    totalCents: 5_000,
    walletCents: 0,
    promoCode: null,
    eventTitle: 'A Night',
    venue: 'The Hall',
    startsAt: new Date('2031-05-01T20:00:00Z'),
    timezone: 'Europe/Zurich',
    tickets: tickets(2),
    ...change,
  };
}

function tickets(count: number): Confirmation['tickets'] {
  return Array.from({ length: count }, (_, at) => ({
    id: `019a0000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    serial: at + 1,
    tierName: 'Floor',
    holderName: 'Ada Lovelace',
    eventId: '019a0000-0000-7000-8000-00000000000e',
    credentialVersion: 1,
    signed: { kid: 1, signature: Buffer.alloc(64, at) },
  }));
}

describe('renderConfirmation', () => {
  test('together with others brings nothing along, and says where the codes are', async () => {
    const mail = await renderConfirmation(confirmation(), context, 'together');
    expect(mail.attachments).toEqual([]);
    expect(mail.html).not.toContain('<img');
    expect(mail.text).toContain('this mail comes without them');
    expect(mail.text).toContain('- Floor, No. 000001\n- Floor, No. 000002');
    expect(mail.text).toContain(page);
  });

  test('has the codes inside, and says the same in text', async () => {
    const mail = await renderConfirmation(confirmation(), context);
    expect(mail.subject).toBe('Your tickets for A Night (LV-12345678)');
    expect(mail.attachments.map(({ filename, contentId }) => [filename, contentId])).toEqual([
      ['ticket-000001.png', 'ticket-000001'],
      ['ticket-000002.png', 'ticket-000002'],
      ['tickets-LV-12345678.pdf', undefined],
    ]);
    expect(mail.html).toContain('<img src="cid:ticket-000002"');
    expect(mail.html).toContain('alt="Code of ticket 000002"');
    expect(mail.text).toContain('- Floor, No. 000001\n- Floor, No. 000002');
    expect(mail.text).toContain(page);
    expect(mail.text).toContain('Total: €50.00');
    expect(mail.text).not.toContain('Discount');
  });

  test('a discount stands between what the tickets cost and what was paid', async () => {
    const discounted = { discountCents: 500, totalCents: 4_500, promoCode: 'EARLY' };
    const mail = await renderConfirmation(confirmation(discounted), context);
    expect(mail.text).toContain('Tickets: €50.00\nDiscount (EARLY): -€5.00\nTotal: €45.00');
    expect(mail.html).toContain('Discount (EARLY)');
    const german = await renderConfirmation(confirmation({ ...discounted, locale: 'de' }), context);
    expect(german.subject).toBe('Ihre Tickets für A Night (LV-12345678)');
    expect(german.text).toMatch(/Rabatt \(EARLY\): -5,00\s€\nSumme: 45,00\s€/);
  });

  test('ten codes at most; the others are named, and of thousands the number is said', async () => {
    const many = await renderConfirmation(confirmation({ tickets: tickets(12) }), context);
    expect(many.attachments.filter(({ contentId }) => contentId !== undefined)).toHaveLength(10);
    const pdf = many.attachments.at(-1)?.contentBase64 ?? '';
    expect(await readPdf(Buffer.from(pdf, 'base64'))).toHaveLength(12);
    expect(many.html).toContain('<li>Floor, No. 000012</li>');
    const thousands = confirmation({ tickets: tickets(10_000) });
    const mail = await renderConfirmation(thousands, context);
    expect(mail.text).toContain('And 9900 more on your order page');
    expect(mail.text.length).toBeLessThan(200_000);
    expect(mail.attachments.some(({ contentType }) => contentType === 'application/pdf')).toBe(
      false,
    );
  });

  test('names of tiers, events and buyers are text and nothing else', async () => {
    const [ticket] = tickets(1);
    const hostile = confirmation({
      buyerName: '<script>1</script>',
      eventTitle: 'A\r\nBcc: all@example.com <b>Night</b>',
      tickets: ticket === undefined ? [] : [{ ...ticket, tierName: '<i>Floor</i>\nTotal: €0.00' }],
    });
    const mail = await renderConfirmation(hostile, context);
    expect(mail.html).not.toMatch(/<(script|b|i)>/);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).not.toMatch(/^Bcc:|^Total: €0.00/m);
  });
});
