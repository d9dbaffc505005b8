import type { OwnWalletView } from '@liventix/contracts/api/wallets';
import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';
import { renderPage } from '#pages/page';

const told: Readonly<Record<OwnWalletView['entries'][number]['kind'], string>> = {
  refund: 'Refund',
  grant: 'Credit',
  credits: 'Credit',
  passed_on: 'Passed on',
  escrowed: 'Used for an order',
  given_back: 'Given back, the order ended unpaid',
};

/** Store credit as a plain page: no script, readable on a phone and on paper. */
export function renderWalletPage(
  wallet: OwnWalletView,
  options: { readonly locale: string; readonly token: string },
): string {
  const { locale, token } = options;
  const money = (cents: number) => escapeHtml(formatMoney(cents, wallet.currency, locale));
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const rows = wallet.entries.map(({ kind, order, amount_cents: cents, at }) => {
    const what = order === null ? told[kind] : `${told[kind]} · ${order}`;
    return `<tr><td>${escapeHtml(date.format(new Date(at)))}</td><td>${escapeHtml(what)}</td><td>${money(cents)}</td></tr>`;
  });
  const aside =
    wallet.escrow_cents === 0
      ? ''
      : `<p class="facts">${money(wallet.escrow_cents)} more is set aside for an order that is not paid yet.</p>`;
  return renderPage({
    locale,
    title: 'Your credit',
    body: `<h1>${money(wallet.balance_cents)}</h1>
<p>Your credit. At checkout it pays as much as it can, and a card the rest.</p>
${aside}
<h2>Code for the checkout</h2>
<p><code>${escapeHtml(token)}</code></p>
<p class="facts">Whoever has this code can spend your credit: keep it to yourself.</p>
<table>
${rows.join('\n')}
</table>`,
  });
}
