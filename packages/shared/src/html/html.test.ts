import { expect, test } from 'vitest';
import { escapeHtml, html, inert } from './html.ts';

test('text for HTML is no markup, and turns nothing around', () => {
  expect(escapeHtml(`<b title="it's">R&D</b>`)).toBe(
    '&lt;b title=&quot;it&#39;s&quot;&gt;R&amp;D&lt;/b&gt;',
  );
  expect(escapeHtml('a\u202egpj.exe\u2066')).toBe('a gpj.exe ');
  expect(escapeHtml('\u05d0\u05d3\u05d4 \u{1f469}\u200d\u{1f680}')).toBe(
    '\u05d0\u05d3\u05d4 \u{1f469}\u200d\u{1f680}',
  );
});

test('inert text is one line in one direction', () => {
  expect(inert('Ada\r\nTotal: 0\u2028\u202e!')).toBe('Ada Total: 0 !');
});

test('a template escapes what is text, and leaves what is HTML', () => {
  const name = '<b>Ada</b>';
  const items = ['a&b', 'c'].map((item) => html`<li>${item}</li>`);
  expect(
    String(html`<p title="${name}">${name}${false}${undefined}${0}</p><ul>${items}</ul>`),
  ).toBe(
    '<p title="&lt;b&gt;Ada&lt;/b&gt;">&lt;b&gt;Ada&lt;/b&gt;0</p><ul><li>a&amp;b</li><li>c</li></ul>',
  );
});
