import { html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { page } from '#console/page';
import { call } from '#console/words';
import type { Deps } from '#deps';

const address = html`<label>Mail address<input type="email" name="email" required maxlength="254"></label>`;

/** For who asks what is kept of them, or wants to be forgotten. */
export function privacyPage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/privacy',
    action: 'privacy.handle',
    render: async () => ({
      title: 'Privacy',
      body: html`<h1>Privacy</h1>
<section class="acts"><h2>What is kept of somebody</h2>
<p>Orders, tickets, scans, store credit and mails of one address, as a file for them. Make sure first that it is theirs.</p>
${call({ url: '/admin/v1/privacy/export', label: 'Make the file', fields: address, save: 'personal-data.json' })}</section>
<section class="acts"><h2>Forget somebody</h2>
<p>Names, addresses and contents of mails go for good; numbers and amounts stay, so the books are the same. What is open with them must be finished first.</p>
${call({ url: '/admin/v1/privacy/erase', label: 'Forget them', fields: address, confirm: 'Forget this person for good? Nothing brings them back.' })}</section>`,
    }),
  });
}
