const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that turn the direction of what follows, beyond the element they stand in (UAX #9). */
const turning = '\\u202a-\\u202e\\u2066-\\u2069';

/** Text for HTML, inside elements and quoted attributes. Nothing in it turns what follows. */
export function escapeHtml(text: string): string {
  return text.replace(unsafe, (character) => entities[character] ?? ' ');
}
const unsafe = new RegExp(`[&<>"'${turning}]`, 'g');

/**
 * Nothing that starts another line, so that no name can pass for one of ours or for a header, and
 * nothing that turns the direction of what follows.
 */
export function inert(text: string): string {
  return text.replaceAll(lineStarting, ' ');
}
const lineStarting = new RegExp(`[\\p{Cc}\\p{Zl}\\p{Zp}${turning}]+`, 'gu');

/** HTML that may stand in a page as it is: made by `html`, out of text that was escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Piece = Html | string | number | null | undefined | false | readonly Piece[];

/** A template whose values are escaped unless they are HTML themselves; nothing stands for nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(
    strings.reduce((all, part, index) => `${all}${render(values[index - 1])}${part}`),
  );
}

function render(piece: Piece): string {
  if (piece instanceof Html) {
    return piece.text;
  }
  if (Array.isArray(piece)) {
    return piece.map(render).join('');
  }
  return piece === null || piece === undefined || piece === false ? '' : escapeHtml(String(piece));
}
