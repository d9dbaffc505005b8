import type { WalletFacts } from '@liventix/domain/emails/money-facts';
import { voiceOf } from '@liventix/shared/voice';
import { expect, test } from 'vitest';
import { renderWalletCredit } from './wallet-credit.ts';

const facts: WalletFacts = {
  amountCents: 1_250,
  balanceCents: 3_000,
  currency: 'eur',
  orderNumber: 'LV-1',
  isCancelled: false,
};

function render(locale: string, change: Partial<WalletFacts> = {}) {
  const mail = {
    voice: voiceOf(locale),
    organizationName: 'The <Hall>',
    page: 'https://tickets.example/wallets/t/k1.wallet.1.mac',
    token: 'k1.wallet.1.mac',
  };
  return renderWalletCredit(mail, { ...facts, ...change });
}

test.for([
  ['en-GB', 'Your credit at The <Hall>', '€12.50', '€30.00'],
  ['de-DE', 'Ihr Guthaben bei The <Hall>', '12,50', '30,00'],
] as const)('says what came in, what there is and how to spend it: %s', ([locale, ...said]) => {
  const [subject, added, balance] = said;
  const mail = render(locale);
  expect(mail.subject).toBe(subject);
  for (const words of [added, balance, 'LV-1', 'k1.wallet.1.mac', '/wallets/t/']) {
    expect(mail.text).toContain(words);
  }
  expect(mail.html).not.toContain('<Hall>');
});

test('a token that is mailed again brings no money and names no order', () => {
  const mail = render('en', { amountCents: 0, orderNumber: null });
  expect(mail.text).not.toMatch(/Added|From order/);
  expect(mail.text).toContain('€30.00');
});
