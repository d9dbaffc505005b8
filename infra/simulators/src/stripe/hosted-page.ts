import { escapeHtml } from '@liventix/shared/html';
import { formatMoney } from '@liventix/shared/money';
import type Stripe from 'stripe';
import type { SessionCreate } from './params.ts';

export interface PageState {
  readonly session: Stripe.Checkout.Session;
  readonly parameters: SessionCreate;
  readonly message?: string;
  /** The card wants its owner to confirm: show that step. */
  readonly challengedCard?: string;
}

/** The payment page a person sees. Plain HTML, and clearly not the real one. */
export function renderHostedPage(state: PageState): string {
  const { session, parameters } = state;
  const currency = session.currency ?? 'usd';
  const money = (amount: number) => escapeHtml(formatMoney(amount, currency, 'en'));
  const lines = parameters.line_items.map(
    ({ quantity, price_data: price }) =>
      `<tr><td>${escapeHtml(price.product_data.name)}</td><td>${money(quantity * price.unit_amount)}</td></tr>`,
  );
  return layout(
    'Pay (simulated)',
    `<p class="hint">A simulated Stripe page. No real money moves.</p>
<table>${lines.join('')}<tr><th scope="row">Total</th><th>${money(session.amount_total ?? 0)}</th></tr></table>
${state.message === undefined ? '' : `<p class="error" role="alert">${escapeHtml(state.message)}</p>`}
${state.challengedCard === undefined ? cardForm(session) : challengeForm(state.challengedCard)}
${session.cancel_url === null ? '' : `<p><a href="${escapeHtml(session.cancel_url)}">Back</a></p>`}`,
  );
}

function cardForm(session: Stripe.Checkout.Session): string {
  return `<form method="post">
<p>Paying as ${escapeHtml(session.customer_email ?? 'a guest')}</p>
<label>Card number <input name="card" inputmode="numeric" value="4242 4242 4242 4242" required></label>
<p class="hint">4000 0000 0000 0002 is declined, 4000 0027 6000 3184 asks for 3-D Secure.</p>
<button>Pay</button>
</form>`;
}

function challengeForm(card: string): string {
  return `<form method="post">
<p>Your bank asks: is this payment yours?</p>
<input type="hidden" name="card" value="${escapeHtml(card)}">
<button name="three_d_secure" value="pass">Yes, approve</button>
<button name="three_d_secure" value="fail" class="plain">No</button>
</form>`;
}

export function renderClosedPage(status: string): string {
  return layout(
    'This page has ended',
    `<p>You are all done here, or the time to pay has run out. The payment page is <strong>${escapeHtml(status)}</strong>.</p>`,
  );
}

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 1.5rem; }
main { max-width: 26rem; margin: 0 auto; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; padding: .35rem 0; border-bottom: 1px solid #8884; }
td:last-child, th:last-child { text-align: right; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input { padding: .6rem; margin: .25rem 0; }
button { padding: .7rem; margin-top: .75rem; border: 0; border-radius: .5rem; background: #4b3fd6; color: #fff; cursor: pointer; }
button.plain { background: #666; }
.hint { opacity: .7; font-size: .85rem; }
.error { color: #b3261e; }
</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}
