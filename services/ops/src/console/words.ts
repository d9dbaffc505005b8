import { type Html, html } from '@liventix/shared/html';

/** A moment for machines and people: the script shows it in the reader's own timezone. */
export function moment(at: Date | string | null): Html {
  if (at === null) {
    return html`<span class="quiet">never</span>`;
  }
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

export function badge(text: string, tone: 'plain' | 'good' | 'bad' = 'plain'): Html {
  return html`<span class="badge ${tone}">${text.replaceAll('_', ' ')}</span>`;
}

/** A number with its name, live where the page is told of changes. */
export function figure(name: string, value: string | number, live?: string): Html {
  const cell =
    live === undefined ? html`<dd>${value}</dd>` : html`<dd data-live="${live}">${value}</dd>`;
  return html`<div><dt>${name}</dt>${cell}</div>`;
}

/** A table with a head; without rows, a sentence that says so. */
export function table(heads: readonly string[], rows: readonly Html[], nothing: string): Html {
  return rows.length === 0
    ? html`<p class="quiet">${nothing}</p>`
    : html`<div class="wide" tabindex="0" role="region" aria-label="Table: ${heads.filter((head) => head !== '').join(', ')}"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A form that the script sends to the admin API; pressed twice it is still one request. */
export function call(spec: {
  readonly method?: 'POST' | 'PUT';
  readonly url: string;
  readonly label: string;
  readonly fields?: Html;
  /** The Idempotency-Key of this showing of the form. */
  readonly key?: string;
  readonly confirm?: string;
  /** Which field of the answer is shown: a secret that is shown once. */
  readonly show?: string;
  /** As which file the answer is saved, rather than said. */
  readonly save?: string;
}): Html {
  const { method = 'POST', url, label, fields, key, confirm, show, save } = spec;
  return html`<form class="call" data-call="${url}" data-method="${method}"${key && html` data-key="${key}"`}${confirm && html` data-confirm="${confirm}"`}${show && html` data-show="${show}"`}${save && html` data-save="${save}"`}>${fields}<button>${label}</button></form>`;
}
