import { type Html, html } from '@liventix/shared/html';
import type { Reader } from '#console/layout';
import { passwordMin } from '#login/passwords';

export function renderAccount(page: { readonly hasCode: boolean; readonly reader: Reader }): Html {
  const token = html`<input type="hidden" name="form_token" value="${page.reader.formToken}">`;
  const code = html`<label>Code of the app<input name="code" required inputmode="numeric" maxlength="7" autocomplete="one-time-code"></label>`;
  return html`<h1>Account</h1>
<section><h2>Password</h2>
<form method="post" action="/account/password">${token}
<label>The one you have<input type="password" name="current" required maxlength="256" autocomplete="current-password"></label>
<label>A new one, of at least ${passwordMin} characters<input type="password" name="next" required minlength="${passwordMin}" maxlength="256" autocomplete="new-password"></label>
<button>Change it</button></form></section>
<section><h2>Second factor</h2>
${
  page.hasCode
    ? html`<p>A login asks you for a code of your authenticator app.</p>
<form method="post" action="/account/code/remove">${token}${code}<button>Take it away</button></form>`
    : html`<p>With a code of an authenticator app, a stolen password opens nothing.</p>
<form method="post" action="/account/code/offer">${token}<button>Set it up</button></form>`
}</section>
<section><h2>Other places</h2>
<p>Somewhere else still logged in?</p>
<form method="post" action="/account/sessions/end">${token}<button>Log out everywhere else</button></form></section>`;
}

/** The secret, shown once, and the proof that it arrived. */
export function renderOffer(offer: {
  readonly secret: string;
  readonly svg: string;
  readonly reader: Reader;
}): Html {
  const picture = `data:image/svg+xml;base64,${Buffer.from(offer.svg).toString('base64')}`;
  return html`<h1>Second factor</h1>
<p>Scan this with your authenticator app, or type it in: <code>${offer.secret}</code></p>
<p><img class="qr" src="${picture}" alt="QR code of the secret above" width="200" height="200"></p>
<form method="post" action="/account/code/confirm">
<input type="hidden" name="form_token" value="${offer.reader.formToken}">
<label>The code it shows now<input name="code" required inputmode="numeric" maxlength="7" autocomplete="one-time-code" autofocus></label>
<button class="main">Confirm</button></form>`;
}
