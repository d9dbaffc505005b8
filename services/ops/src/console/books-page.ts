import { accountingMatches } from '@liventix/domain/books/health-snapshot';
import { readHealthSnapshot } from '@liventix/domain/books/snapshot-repository';
import { readBalances } from '@liventix/domain/ledger/repository';
import { html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { formatMoney } from '@liventix/shared/money';
import { page } from '#console/page';
import { badge, figure, table } from '#console/words';
import type { Deps } from '#deps';

export function booksPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/books',
    action: 'read',
    render: async ({ credential: { organizationId } }) => {
      const [snapshot, balances] = await Promise.all([
        readHealthSnapshot(deps.books.pool, { organizationId }),
        readBalances(deps.books.pool, { organizationId }),
      ]);
      const isSound = accountingMatches(snapshot) && snapshot.duplicates === 0;
      const money = snapshot.money.map((of) => {
        const cell = (cents: number) =>
          html`<td class="number">${formatMoney(cents, of.currency, 'en')}</td>`;
        return html`<tr><td>${of.currency.toUpperCase()}</td>${cell(of.revenueCents)}${cell(of.refundedCents)}${cell(of.refundOpenCents)}${cell(of.owedCents)}${cell(of.feesCents)}${cell(of.unexplainedCents)}</tr>`;
      });
      const accounts = balances.map(
        ({ account, currency, balanceCents }) =>
          html`<tr><td>${account.replaceAll('_', ' ')}</td><td class="number">${formatMoney(balanceCents, currency, 'en')}</td></tr>`,
      );
      return {
        title: 'Books',
        body: html`<h1>Books ${isSound ? badge('every cent explained', 'good') : badge('something is unexplained', 'bad')}</h1>
<dl class="figures">${figure('Orders paid', snapshot.ordersPaid)}${figure('Tickets', snapshot.ticketsIssued)}${figure('Seats on hold', snapshot.reservedSeats)}${figure('Doubled', snapshot.duplicates)}${figure('Payments that failed', snapshot.failedPayments)}</dl>
<section><h2>Money</h2>${table(['Currency', 'Taken', 'Given back', 'On its way back', 'Owed', 'Fees', 'Unexplained'], money, 'No money came yet.')}</section>
<section><h2>Accounts</h2>${table(['Account', 'Balance'], accounts, 'The ledger is empty.')}</section>
<section><h2>For accountants</h2><form class="search" action="/admin/v1/books/entries.csv">
<label>From<input type="date" name="from" required></label><label>Until, that day not included<input type="date" name="until" required></label><button>Entries as a table</button></form></section>`,
      };
    },
  });
}
