import { html } from '@liventix/shared/html';
import { renderCard } from '#console/layout';
import { passwordMin } from '#login/passwords';

/** Where a link leads. The part before it is the address that the reader knows this service by. */
export function linkPath(token: string): string {
  return `/login/link/${token}`;
}

/** Looking at it uses nothing up: mail scanners look at every link. */
export function renderLinkPage(link: {
  readonly token: string;
  readonly purpose: 'password' | 'login';
  readonly email: string;
  readonly organization: string;
  readonly refusal?: string;
}): string {
  const { token, purpose, email, organization, refusal } = link;
  const notice = refusal !== undefined && html`<p class="notice" role="alert">${refusal}</p>`;
  if (purpose === 'login') {
    return renderCard({
      title: 'Log in once',
      body: html`${notice}<p>As ${email} of ${organization}. This link works once.</p>
<form method="post" action="${linkPath(token)}"><button class="main">Log in</button></form>`,
    });
  }
  return renderCard({
    title: 'Choose a password',
    body: html`${notice}<p>You are ${email} of ${organization}.</p>
<form method="post" action="${linkPath(token)}">
<input type="hidden" name="username" autocomplete="username" value="${email}">
<label>A password of at least ${passwordMin} characters; a sentence is good
<input type="password" name="password" required minlength="${passwordMin}" maxlength="256" autocomplete="new-password" autofocus></label>
<button class="main">Go on</button>
</form>`,
  });
}
