import { html } from '@liventix/shared/html';
import { renderCard } from '#console/layout';

export function renderLoginPage(page: {
  readonly to: string;
  readonly email?: string;
  readonly refusal?: string;
}): string {
  return renderCard({
    title: 'Log in',
    body: html`${noticeOf(page.refusal)}<form method="post" action="/login">
<input type="hidden" name="to" value="${page.to}">
<label>Mail address<input type="email" name="email" value="${page.email ?? ''}" required maxlength="254" autocomplete="username" autofocus></label>
<label>Password<input type="password" name="password" required maxlength="256" autocomplete="current-password"></label>
<button class="main">Log in</button>
</form>
<p class="quiet">Nobody has a password until they chose one. The first owner is made on the machine itself: <code>./liventix admin create</code>.</p>`,
  });
}

export function renderCodePage(page: { readonly to: string; readonly refusal?: string }): string {
  return renderCard({
    title: 'The second factor',
    body: html`${noticeOf(page.refusal)}<form method="post" action="/login/code">
<input type="hidden" name="to" value="${page.to}">
<label>Code of your authenticator app<input name="code" required inputmode="numeric" pattern="[0-9 ]{6,7}" maxlength="7" autocomplete="one-time-code" autofocus></label>
<button class="main">Go on</button>
</form>`,
  });
}

function noticeOf(refusal: string | undefined) {
  return refusal !== undefined && html`<p class="notice" role="alert">${refusal}</p>`;
}
