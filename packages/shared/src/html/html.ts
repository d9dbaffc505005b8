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
